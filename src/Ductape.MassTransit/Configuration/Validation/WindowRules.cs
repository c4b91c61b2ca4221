namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>How long something is remembered.</summary>
internal static class WindowRules
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static void Check(TimeSpan? window, string path, ICollection<ConfigurationProblem> problems)
    {
        if (window <= TimeSpan.Zero || window > Longest)
            problems.Add(new(path, $"'{window}' is out of range", "it must be more than zero and at most 365 days"));
    }
}
