namespace Ductape.MassTransit;

/// <summary>What became of one attempt to handle a message.</summary>
internal enum DeliveryOutcome
{
    /// <summary>It is not clear yet.</summary>
    None,

    /// <summary>The callback succeeded.</summary>
    Handled,

    /// <summary>The callback threw.</summary>
    Failed,

    /// <summary>The callback was not called, since it has handled this message before.</summary>
    Dropped,
}
