namespace Ductape.MassTransit;

/// <summary>What becomes of a message to a topic that no queue is bound to.</summary>
public enum OnUnroutable
{
    /// <summary>The broker drops it, and the publish succeeds: nobody wanted it.</summary>
    Ignore,

    /// <summary>The publish is <see cref="DuctapeErrorCodes.PublishFailed"/>.</summary>
    Fail,
}
