using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.SessionKeys;

namespace Ductape.MassTransit.Sessions;

/// <summary>
/// Replaces <c>$Session{tag}{path}</c> in the strings of a message by claims of the publish's session. Everything else
/// stays byte for byte as it is; what is inserted is not looked at again.
/// </summary>
internal static partial class SessionReferences
{
    private const string Beginning = "$Session{";
    private const int LongestShown = 100;

    private static readonly SearchValues<byte> FirstBytes = SearchValues.Create("$\\"u8);

    /// <summary>The message with its references replaced; the same bytes where it has none.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SessionInvalid"/>: a reference cannot be
    /// replaced.</exception>
    /// <exception cref="JsonException">With the claims it is nested too deep.</exception>
    public static ReadOnlyMemory<byte> Resolve(Route route, ReadOnlyMemory<byte> payload, VerifiedSession? session) =>
        MayBeIn(payload.Span) ? new Replacing(route, payload, session).Resolve() : payload;

    // Any character of a reference may be escaped; then it is \u00XX.
    private static bool MayBeIn(ReadOnlySpan<byte> json)
    {
        var first = json.IndexOfAny(FirstBytes);
        return first >= 0 && (json[first..].IndexOf("$Session{"u8) >= 0 || json[first..].IndexOf("\\u00"u8) >= 0);
    }

    [GeneratedRegex(@"\$Session\{(?:(?<tag>[^{}\s]+)\}\{(?<path>[^{}.\s]+(?:\.[^{}.\s]+)*)\})?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    private sealed class Replacing(Route route, ReadOnlyMemory<byte> payload, VerifiedSession? session)
    {
        private readonly ArrayBufferWriter<byte> _output = new(payload.Length + 256);
        private bool _isNested;

        public ReadOnlyMemory<byte> Resolve()
        {
            var json = payload.Span;
            var copied = 0;
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.String
                    || !(reader.ValueIsEscaped || reader.ValueSpan.IndexOf("$Session{"u8) >= 0))
                    continue;

                var start = (int)reader.TokenStartIndex;
                var text = TextOf(reader, start);
                if (!text.Contains(Beginning, StringComparison.Ordinal))
                    continue;

                _output.Write(json[copied..start]);
                copied = (int)reader.BytesConsumed;
                Write(text, reader.ValueIsEscaped, start);
            }

            if (copied == 0)
                return payload;

            _output.Write(json[copied..]);
            return _isNested ? PayloadJson.Checked(_output.WrittenMemory) : _output.WrittenMemory;
        }

        private string TextOf(in Utf8JsonReader reader, int start)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw route.Error(DuctapeErrorCodes.InvalidInput, $"'input.message' at {JsonPointer.At(payload.Span, start)} has half of a surrogate "
                    + "pair, which no text can have, so that it cannot be searched for references. Nothing was sent. Escape the whole pair, or none.");
            }
        }

        private void Write(string text, bool isEscaped, int start)
        {
            var references = Reference().Matches(text);
            if (references is [{ Index: 0 } only] && only.Length == text.Length)
            {
                var claim = Find(only, start);
                _isNested |= claim.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
                _output.Write(JsonMarshal.GetRawUtf8Value(claim));
                return;
            }

            _output.Write("\""u8);
            var end = 0;
            foreach (Match reference in references)
            {
                WriteText(text.AsSpan(end, reference.Index - end), isEscaped);
                var claim = Find(reference, start);
                WriteText(
                    ClaimPath.TextOf(claim) ?? throw Error(start, $"has {Shown(reference.Value)} inside a longer string, and the claim is {NameOf(claim)}, which has no "
                        + "text: let the reference stand alone, or refer to a string, number or boolean."),
                    isEscaped: true);
                end = reference.Index + reference.Length;
            }

            WriteText(text.AsSpan(end), isEscaped);
            _output.Write("\""u8);
        }

        // What stood there without an escape needs none.
        private void WriteText(ReadOnlySpan<char> text, bool isEscaped)
        {
            if (isEscaped)
                _output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            else
                Encoding.UTF8.GetBytes(text, _output);
        }

        private JsonElement Find(Match reference, int start)
        {
            if (!reference.Groups["tag"].Success)
            {
                throw Error(start, $"has '{Beginning}', and what follows does not make it a reference: write $Session{{tag}}{{path}}, for example "
                    + "$Session{web}{userId}.");
            }

            var (tag, path) = (reference.Groups["tag"].Value, reference.Groups["path"].Value);
            if (session is null)
                throw Error(start, $"refers to {Shown(reference.Value)}, and 'session' is missing: give the publish the session that it refers to.");
            if (!Tags.Same(tag, session.Tag))
                throw Error(start, $"refers to {Shown(reference.Value)}, and the publish's session is '{session.Tag}': refer to that one.");

            return ClaimPath.Find(session.Claims, path)
                ?? throw Error(start, $"refers to {Shown(reference.Value)}, and the token of the session '{tag}' has no such claim.");
        }

        private DuctapeException Error(int start, string what) => route.Error(
            DuctapeErrorCodes.SessionInvalid, $"'input.message' at {JsonPointer.At(payload.Span, start)} {what} Nothing was sent.");

        // Somebody may have put a token there.
        private static string Shown(string reference) =>
            reference.Length > LongestShown ? $"a claim by a reference of {reference.Length} characters" : $"'{reference}'";

        private static string NameOf(JsonElement claim) => claim.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.Null => "null",
            _ => "a string with half of a surrogate pair",
        };
    }
}
