namespace Ductape.MassTransit;

/// <summary>A session type of a product. Source: Ductape's sessions documentation.</summary>
public sealed class SessionTypeOptions
{
    /// <summary>The key that tokens are signed with. A secret.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The claim that identifies the user, as <c>$Session{path}</c>.</summary>
    public string? Selector { get; set; }

    /// <summary>How long a session lasts, in units of <see cref="Period"/>.</summary>
    public int? Expiry { get; set; }

    /// <summary>The unit of <see cref="Expiry"/>: <c>seconds</c>, <c>minutes</c>, <c>hours</c> or <c>days</c>.</summary>
    public string? Period { get; set; }
}
