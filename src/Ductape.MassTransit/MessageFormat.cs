namespace Ductape.MassTransit;

/// <summary>What travels over a broker.</summary>
public enum MessageFormat
{
    /// <summary>MassTransit's JSON envelope around the payload, <c>application/vnd.masstransit+json</c>.</summary>
    Envelope,

    /// <summary>
    /// The payload alone, <c>application/json</c>; the ids travel as the broker's own message properties.
    /// </summary>
    Json,
}
