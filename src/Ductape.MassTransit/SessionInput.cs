using System.Text;
using System.Text.Json.Serialization;

namespace Ductape.MassTransit;

/// <summary>
/// Who acts: Ductape's <c>ISession</c>. Both fields empty, as in <c>{}</c>, means nobody; one without the other is
/// <see cref="DuctapeErrorCodes.InvalidInput"/>.
/// </summary>
public sealed record SessionInput
{
    /// <summary>
    /// The tag of the session type, configured under the product's <c>Sessions</c>. Required with a token, also with
    /// one that names it.
    /// </summary>
    [JsonPropertyName("tag")]
    public string? Tag { get; init; }

    /// <summary>
    /// The signed token that was handed out when the session began, bare or as <c>tag:jwt</c>. A secret:
    /// <see cref="ToString"/> leaves it out.
    /// </summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    /// <summary>A tag as an error may show it: somebody may have put the token there.</summary>
    internal static string Shown(string? tag) => tag is { Length: > 64 } ? "not shown, since it may be a token" : $"'{tag}'";

    internal bool IsEmpty => string.IsNullOrWhiteSpace(Tag) && string.IsNullOrWhiteSpace(Token);

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Tag = ").Append(Tag is { Length: > 64 } ? "***" : Tag).Append(", Token = ").Append(string.IsNullOrEmpty(Token) ? "" : "***");
        return true;
    }
}
