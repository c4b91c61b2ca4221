using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ductape.MassTransit.Tests.Caching;

/// <summary>Random JSON documents, and random ways to write one down.</summary>
public static class RandomJson
{
    private static readonly string[] Names = ["a", "b", "ab", "A", "order id", "ä", "日本", "", "a\"b", "a\\"];
    private static readonly string[] Blanks = ["", "", " ", "\n", "\t", "\r\n  "];

    public static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-1000, 1000),
        3 => Math.Round(random.NextDouble() * 1000, 3),
        4 => Names[random.Next(Names.Length)],
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => new JsonObject(Names.Where(_ => random.Next(3) == 0).Select(x => KeyValuePair.Create(x, Value(random, depth - 1)))),
    };

    /// <summary>The document with one leaf, element or member that is different.</summary>
    public static JsonObject Changed(JsonObject document, Random random)
    {
        var copy = document.DeepClone().AsObject();
        JsonNode node = copy;
        while (true)
        {
            var children = node is JsonObject o
                ? o.Where(x => x.Key != "round" && x.Value is JsonObject or JsonArray).Select(x => x.Value!).ToArray()
                : node.AsArray().Where(x => x is JsonObject or JsonArray).Select(x => x!).ToArray();
            if (children.Length == 0 || (node != copy && random.Next(2) == 0))
                break;
            node = children[random.Next(children.Length)];
        }

        if (node is JsonArray array)
            array.Insert(random.Next(array.Count + 1), "changed");
        else
            node["changed"] = "changed";
        return copy;
    }

    /// <summary>Writes the members of every object in a random order, with random white space.</summary>
    public static string Write(JsonNode? node, Random random)
    {
        var text = new StringBuilder();
        Write(node);
        return text.ToString();

        void Write(JsonNode? value)
        {
            Blank();
            switch (value)
            {
                case JsonObject members:
                    Separated('{', members.OrderBy(_ => random.Next()).ToArray(), '}', x =>
                    {
                        Blank();
                        text.Append(JsonValue.Create(x.Key).ToJsonString());
                        Blank();
                        text.Append(':');
                        Write(x.Value);
                    });
                    break;
                case JsonArray elements:
                    Separated('[', elements.ToArray(), ']', Write);
                    break;
                default:
                    text.Append(CultureInfo.InvariantCulture, $"{value?.ToJsonString() ?? "null"}");
                    break;
            }

            Blank();
        }

        void Separated<T>(char open, T[] items, char close, Action<T> write)
        {
            text.Append(open);
            for (var i = 0; i < items.Length; i++)
            {
                if (i > 0)
                    text.Append(',');
                write(items[i]);
            }

            Blank();
            text.Append(close);
        }

        void Blank() => text.Append(Blanks[random.Next(Blanks.Length)]);
    }
}
