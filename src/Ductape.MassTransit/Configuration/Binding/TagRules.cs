namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>What a tag may look like.</summary>
internal static class TagRules
{
    public static void Check(string tag, string path, string what, ICollection<ConfigurationProblem> problems)
    {
        if (EventName.TagFault(tag) is var (fault, remedy))
            problems.Add(new(path, $"the {what} tag {ConfigurationProblem.Quoted(tag)} {fault}", remedy));
    }

    /// <summary>Two tags of one dictionary that are the same tag: code can set both.</summary>
    public static void CheckDistinct(IEnumerable<string> tags, string path, ICollection<ConfigurationProblem> problems)
    {
        foreach (var same in tags.GroupBy(x => x, Tags.Comparer))
        {
            if (same.Distinct(StringComparer.Ordinal).Skip(1).Any())
                problems.Add(Problem(path, same));
        }
    }

    public static ConfigurationProblem Problem(string path, IEnumerable<string> spellings) => new(
        path,
        $"{string.Join(" and ", spellings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(x => $"'{x}'"))} differ in case alone, and "
            + "tags are compared without regard to case",
        "keep one of them");
}
