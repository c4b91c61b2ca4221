namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>What a tag may look like.</summary>
internal static class TagRules
{
    public static void Check(string tag, string path, string what, ICollection<string> problems)
    {
        if (EventName.TagProblem(tag) is { } problem)
            problems.Add($"{path}: the {what} tag '{tag}' {problem}.");
    }

    /// <summary>Two tags of one dictionary that are the same tag: code can set both.</summary>
    public static void CheckDistinct(IEnumerable<string> tags, string path, ICollection<string> problems)
    {
        foreach (var same in tags.GroupBy(x => x, Tags.Comparer))
        {
            if (same.Distinct(StringComparer.Ordinal).Skip(1).Any())
                problems.Add(Problem(path, same));
        }
    }

    public static string Problem(string path, IEnumerable<string> spellings) =>
        $"{path}: {string.Join(" and ", spellings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(x => $"'{x}'"))} differ in "
        + "case alone, and tags are compared without regard to case; keep one of them.";
}
