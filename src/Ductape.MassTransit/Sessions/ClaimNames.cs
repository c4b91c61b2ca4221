using System.Text.Json;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// The names in claims: each once, so that all who read a token read the same. Source: RFC 7519, section 4.
/// </summary>
internal static class ClaimNames
{
    private static readonly JsonDocumentOptions Unique = new() { AllowDuplicateProperties = false };

    /// <summary>What is wrong with the names in JSON, at any depth; or null. They are not quoted.</summary>
    public static string? Problem(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonElement.Parse(json, Unique);
            return null;
        }
        catch (JsonException)
        {
            return "the same name twice in one object";
        }
        catch (InvalidOperationException)
        {
            return "a name with half of a surrogate pair";
        }
    }
}
