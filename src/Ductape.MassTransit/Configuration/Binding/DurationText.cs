using System.Globalization;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// A duration as a configuration writes it: <c>hours:minutes:seconds</c> with any number of hours, or
/// <c>days.hours:minutes:seconds</c>. .NET would read 24 hours and more as days, and a bare number too.
/// </summary>
internal static class DurationText
{
    /// <summary>The duration; null for what is none.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text.Trim().Split(':') is not [var first, _, ..] parts)
            return null;

        // Four parts begin with days, and so does a first part with a point.
        var isNegative = first.StartsWith('-');
        var digits = isNegative ? first[1..] : first;
        if (parts.Length > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours < 24)
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : null;

        if (hours >= TimeSpan.MaxValue.TotalHours - 1
            || !TimeSpan.TryParse($"0:{string.Join(':', parts[1..])}", CultureInfo.InvariantCulture, out var rest))
            return null;

        var whole = TimeSpan.FromHours(hours);
        return isNegative ? -whole - rest : whole + rest;
    }
}
