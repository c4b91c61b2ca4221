using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ductape.MassTransit;

/// <summary>Marks a duration that a configuration may give as a whole number too, as Ductape's own file does.</summary>
/// <param name="unit">What the number counts: <c>milliseconds</c>, <c>seconds</c>, <c>minutes</c>, <c>hours</c> or
/// <c>days</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
[Experimental("DUCTAPE001")]
public sealed class WholeNumberOfAttribute(string unit) : Attribute
{
    /// <summary>Ductape's names of units.</summary>
    internal static readonly string[] Units = ["seconds", "minutes", "hours", "days"];

    /// <summary>What the number counts.</summary>
    public string Unit { get; } = unit;

    /// <summary>
    /// The key beside this one that has the number, instead of this one. <value>Default: null, for this one.</value>
    /// </summary>
    public string? NumberKey { get; init; }

    /// <summary>
    /// The key beside this one that may name another unit. <value>Default: null, for none.</value>
    /// </summary>
    public string? UnitKey { get; init; }

    /// <summary>
    /// The duration that a number means; null for what is no whole number, or more than a <see cref="TimeSpan"/> holds.
    /// </summary>
    internal TimeSpan? Read(string? number, string? otherUnit)
    {
        if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            return null;

        var one = (Units.Contains(otherUnit, StringComparer.OrdinalIgnoreCase) ? otherUnit! : Unit).ToLowerInvariant() switch
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
