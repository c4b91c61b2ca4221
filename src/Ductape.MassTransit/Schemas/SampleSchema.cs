using System.Text.Json;

namespace Ductape.MassTransit.Schemas;

/// <summary>Compares messages with a sample: names and JSON types, in one walk over the UTF-8.</summary>
internal sealed class SampleSchema(SampleShape shape) : IMessageSchema
{
    public string Source => "sample";

    public IReadOnlyList<SchemaWarning> Warnings => [];

    public string? Differences(ReadOnlyMemory<byte> payload)
    {
        var reader = new Utf8JsonReader(payload.Span);
        reader.Read();
        var walk = new SampleWalk();
        SampleDifferences? found = null;
        walk.Value(ref reader, shape, ref found);
        return found is null && walk.Duplicates is null ? null : SampleDifferences.Describe(payload.Span, walk.Duplicates, found);
    }
}
