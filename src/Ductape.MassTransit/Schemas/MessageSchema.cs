using NJsonSchema;

namespace Ductape.MassTransit;

/// <summary>A schema that was read once and checks any number of messages at the same time.</summary>
/// <param name="schema">The schema.</param>
/// <param name="enumerations">The values of its <c>enum</c>s.</param>
/// <param name="patterns">Its patterns by their text.</param>
/// <param name="source">Where it is from, for messages: <c>schema</c> or <c>sample</c>.</param>
internal sealed class MessageSchema(
    JsonSchema schema, IReadOnlyList<SchemaEnumeration> enumerations, IReadOnlyDictionary<string, SchemaPattern> patterns, string source)
{
    private const int MostShown = 20;

    private readonly IReadOnlyDictionary<JsonSchema, OwnChecks> _ownChecks = OwnChecks.TakeOut(schema, patterns);
    private MessageValidator? _shared;

    public string Source => source;

    /// <summary>The patterns that a text can make take long.</summary>
    public IEnumerable<SchemaPattern> Backtracking => patterns.Values.Where(x => x.Backtracks);

    /// <summary>What differs, in words and without a value of the message, or null where nothing does.</summary>
    /// <exception cref="PatternTimeException">The patterns took too long.</exception>
    public string? Differences(ReadOnlySpan<byte> json)
    {
        var duplicates = new List<long>();
        var message = MessageTokens.Read(json, duplicates);
        // The time of its patterns is each message's own.
        var validator = patterns.Count == 0 ? _shared ??= new MessageValidator(enumerations, _ownChecks) : new MessageValidator(enumerations, _ownChecks);
        var errors = validator.Validate(message, schema);
        if (errors.Count == 0 && duplicates.Count == 0)
            return null;

        // Finding out where something stands takes time, so only what is shown is looked at.
        var shown = new List<string>();
        var more = 0;
        foreach (var offset in duplicates)
        {
            if (HasRoom())
                Show($"{JsonPointer.At(json, offset)} is there more than once");
        }

        foreach (var error in errors.SelectMany(SchemaDifference.Parts))
        {
            if (HasRoom())
                Show(validator.Describe(error));
        }

        return string.Join("; ", shown) + (more > 0 ? $"; and {more} more" : "");

        bool HasRoom()
        {
            if (shown.Count < MostShown)
                return true;
            more++;
            return false;
        }

        void Show(string difference)
        {
            if (!shown.Contains(difference))
                shown.Add(difference);
        }
    }
}
