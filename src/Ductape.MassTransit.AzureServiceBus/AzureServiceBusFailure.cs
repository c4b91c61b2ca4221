namespace Ductape.MassTransit;

/// <summary>
/// The properties of a failed message as far as Service Bus takes them: a message whose properties are too large is refused, and would be
/// delivered again until Service Bus itself gives it up.
/// </summary>
internal static class AzureServiceBusFailure
{
    private const int LongestText = 2 * 1024;

    // Service Bus takes 64 KB of properties and 32 KB of one; a stack trace in UTF-16 stays under both with all the others.
    private const int LongestStackTrace = 8 * 1024;

    /// <summary>A header of the failure, cut where it is long.</summary>
    public static object Fit(string name, object value) => value switch
    {
        string text when name == MessageHeaders.FaultStackTrace => Cut(text, LongestStackTrace),
        string text => Cut(text, LongestText),
        Uri uri => Cut(uri.ToString(), LongestText),
        _ => value,
    };

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
