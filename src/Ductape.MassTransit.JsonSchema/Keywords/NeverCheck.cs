using System.Text.Json;

namespace Ductape.MassTransit;

/// <summary>Stands for the schema <c>false</c>; its value is what it says.</summary>
internal sealed class NeverCheck() : Assertion<string>(Keyword)
{
    public const string Keyword = "never";

    protected override string Read(JsonElement value) => value.GetString()!;

    protected override string? Check(string value, JsonElement instance, MessageOptions options) => value;
}
