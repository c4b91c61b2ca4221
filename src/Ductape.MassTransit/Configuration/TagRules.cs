namespace Ductape.MassTransit;

/// <summary>What a tag may look like.</summary>
internal static class TagRules
{
    public static void Check(string tag, string path, string what, ICollection<string> problems)
    {
        if (EventName.TagProblem(tag) is { } problem)
            problems.Add($"{path}: the {what} tag '{tag}' {problem}.");
    }
}
