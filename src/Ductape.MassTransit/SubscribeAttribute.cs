namespace Ductape.MassTransit;

/// <summary>Says which event an <see cref="ISubscriber{T}"/> receives.</summary>
/// <param name="event">The event, <c>brokerTag:topicTag</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SubscribeAttribute(string @event) : Attribute
{
    /// <summary>The event, <c>brokerTag:topicTag</c>.</summary>
    public string Event { get; } = @event;

    /// <summary>The product that receives. Default: <c>Ductape:Product</c>.</summary>
    public string? Product { get; set; }

    /// <summary>The environment. Default: <c>Ductape:Env</c>.</summary>
    public string? Env { get; set; }

    /// <inheritdoc cref="SubscribeInput.Subscription"/>
    public string? Subscription { get; set; }

    /// <inheritdoc cref="SubscribeInput.Ephemeral"/>
    public bool Ephemeral { get; set; }
}
