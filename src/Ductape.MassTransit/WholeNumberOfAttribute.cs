using System.Globalization;

namespace Ductape.MassTransit;

/// <summary>Marks a duration that a configuration may give as a whole number too, as Ductape's own file does.</summary>
/// <param name="unit">What the number counts: <c>milliseconds</c>, or one of <see cref="Units"/>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WholeNumberOfAttribute(string unit) : Attribute
{
    /// <summary>Ductape's names of units.</summary>
    public static readonly string[] Units = ["seconds", "minutes", "hours", "days"];

    public string Unit => unit;

    /// <summary>The key beside this one that may name another unit; null for none.</summary>
    public string? UnitKey { get; init; }

    /// <summary>
    /// The duration that a number means; null for what is no whole number, or more than a <see cref="TimeSpan"/> holds.
    /// </summary>
    public TimeSpan? Read(string? number, string? otherUnit)
    {
        if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            return null;

        var one = (Units.Contains(otherUnit, StringComparer.OrdinalIgnoreCase) ? otherUnit! : unit).ToLowerInvariant() switch
        {
            "seconds" => TimeSpan.TicksPerSecond,
            "minutes" => TimeSpan.TicksPerMinute,
            "hours" => TimeSpan.TicksPerHour,
            "days" => TimeSpan.TicksPerDay,
            _ => TimeSpan.TicksPerMillisecond,
        };
        var ticks = (Int128)count * one;
        return ticks >= long.MinValue && ticks <= long.MaxValue ? new TimeSpan((long)ticks) : null;
    }
}
