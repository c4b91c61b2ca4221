using System.Text.Json;
using Json.Schema;

namespace Ductape.MassTransit;

/// <summary>A keyword that looks at a value itself. Its words never show the value.</summary>
/// <typeparam name="T">What the keyword's value in a schema becomes.</typeparam>
internal abstract class Assertion<T>(string name) : IKeywordHandler
    where T : notnull
{
    public string Name => name;

    /// <summary>Reads the keyword's value, which <see cref="SchemaRewriter"/> has looked at before.</summary>
    protected abstract T Read(JsonElement value);

    /// <summary>What differs, or null.</summary>
    protected abstract string? Check(T value, JsonElement instance, MessageOptions options);

    object? IKeywordHandler.ValidateKeywordValue(JsonElement value) => Read(value);

    void IKeywordHandler.BuildSubschemas(KeywordData keyword, BuildContext context)
    {
    }

    KeywordEvaluation IKeywordHandler.Evaluate(KeywordData keyword, EvaluationContext context)
    {
        var difference = Check((T)keyword.Value!, context.Instance, (MessageOptions)context.Options);
        return new KeywordEvaluation { Keyword = name, IsValid = difference is null, Error = difference };
    }
}
