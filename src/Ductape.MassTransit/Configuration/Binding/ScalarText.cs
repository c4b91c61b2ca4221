using System.ComponentModel;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>What a configuration gives as a single value, which is always text.</summary>
internal static class ScalarText
{
    public static bool Is(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    public static bool Converts(Type type, string value)
    {
        if (type == typeof(TimeSpan))
            return DurationText.Read(value) is not null;

        try
        {
            if (type.IsEnum)
                return Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);

            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException
            or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    public static string Describe(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a time span like '00:00:30' (hours:minutes:seconds)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => "text",
    };
}
