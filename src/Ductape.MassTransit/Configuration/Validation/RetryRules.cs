using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>A topic's <c>Retry</c> and <c>Redelivery</c>.</summary>
internal static partial class RetryRules
{
    public const int MostRedeliveries = 20;

    private static readonly TimeSpan ShortestRedelivery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRedelivery = TimeSpan.FromDays(30);

    public static void Check(TopicOptions topic, string path, ICollection<ConfigurationProblem> problems)
    {
        CheckRetry(topic.Retry, $"{path}:Retry", problems);
        CheckRedelivery(topic.Redelivery, $"{path}:Redelivery", problems);
    }

    private static void CheckRetry(RetryOptions retry, string path, ICollection<ConfigurationProblem> problems)
    {
        if (retry.Count is < 0 or > 100)
            problems.Add(new($"{path}:Count", $"{retry.Count} is out of range", "it must be from 0 to 100"));
        if (retry.InitialDelay < TimeSpan.Zero)
            problems.Add(new($"{path}:InitialDelay", $"'{retry.InitialDelay}' is negative", "it must be zero or more"));
        if (!(retry.Multiplier is >= 1 and <= 100))
            problems.Add(new($"{path}:Multiplier", $"{retry.Multiplier} is out of range", "it must be from 1 to 100"));
        if (retry.MaxDelay < retry.InitialDelay || retry.MaxDelay > TimeSpan.FromHours(1))
            problems.Add(new($"{path}:MaxDelay", $"'{retry.MaxDelay}' is out of range", "it must be at least InitialDelay and at most one hour"));

        CheckTypeNames(retry.Ignore, $"{path}:Ignore", problems);
        CheckTypeNames(retry.Handle, $"{path}:Handle", problems);
        for (var i = 0; i < retry.Handle.Count; i++)
        {
            if (retry.Ignore.Contains(retry.Handle[i]))
                problems.Add(new($"{path}:Handle:{i}", $"{ConfigurationProblem.Quoted(retry.Handle[i])} is under Ignore too", "leave it in one of the two"));
        }
    }

    private static void CheckTypeNames(List<string> names, string path, ICollection<ConfigurationProblem> problems)
    {
        // The type may be in an assembly that is not loaded yet, so all that can be judged is the form.
        for (var i = 0; i < names.Count; i++)
        {
            if (!TypeName().IsMatch(names[i]))
                problems.Add(new($"{path}:{i}", $"{ConfigurationProblem.Quoted(names[i])} is not the name of an exception type", "write for example System.ArgumentException"));
        }
    }

    private static void CheckRedelivery(List<TimeSpan> delays, string path, ICollection<ConfigurationProblem> problems)
    {
        if (delays.Count > MostRedeliveries)
            problems.Add(new(path, $"{delays.Count} delays are too many", $"at most {MostRedeliveries}"));
        for (var i = 0; i < delays.Count; i++)
        {
            if (delays[i] < ShortestRedelivery || delays[i] > LongestRedelivery)
                problems.Add(new($"{path}:{i}", $"'{delays[i]}' is out of range", "it must be from one second to 30 days"));
        }
    }

    [GeneratedRegex(@"^[\p{L}_]\w*([.+][\p{L}_]\w*)*(`\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TypeName();
}
