using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>A number of JSON: a decimal of 28 digits, and where that cannot hold it a double.</summary>
internal readonly record struct SchemaNumber(decimal? Exact, double Approximate)
{
    public bool IsWhole => Exact is { } exact ? decimal.IsInteger(exact) : double.IsInteger(Approximate) || double.IsInfinity(Approximate);

    public static SchemaNumber Read(JsonElement number)
    {
        var text = JsonMarshal.GetRawUtf8Value(number);
        var approximate = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && (exact != 0 || approximate == 0)
            ? new SchemaNumber(exact, approximate)
            : new SchemaNumber(null, approximate);
    }

    /// <summary>Below zero where it is less than the other one.</summary>
    public int CompareTo(decimal other) => Exact is { } exact ? exact.CompareTo(other) : Approximate.CompareTo((double)other);

    public bool IsMultipleOf(decimal divisor)
    {
        try
        {
            if (Exact is { } exact)
                return exact % divisor == 0;
        }
        catch (OverflowException)
        {
            // A large number by a tiny one.
        }

        return Approximate % (double)divisor == 0;
    }
}
