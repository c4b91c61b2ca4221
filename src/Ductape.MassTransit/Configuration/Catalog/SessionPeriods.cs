namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>Ductape's units of time for <see cref="SessionTypeOptions.Expiry"/>.</summary>
internal static class SessionPeriods
{
    public static readonly string[] Names = ["seconds", "minutes", "hours", "days"];

    /// <summary>The unit, an hour where none is named.</summary>
    public static TimeSpan UnitOf(string? period) => period?.ToLowerInvariant() switch
    {
        "seconds" => TimeSpan.FromSeconds(1),
        "minutes" => TimeSpan.FromMinutes(1),
        "days" => TimeSpan.FromDays(1),
        _ => TimeSpan.FromHours(1),
    };
}
