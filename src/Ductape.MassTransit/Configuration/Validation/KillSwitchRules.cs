namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>The kill switch of a topic.</summary>
internal static class KillSwitchRules
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static void Check(KillSwitchOptions? options, string path, ICollection<ConfigurationProblem> problems)
    {
        if (options is null)
            return;

        if (options.ActivationThreshold is < 1 or > 1_000_000)
            problems.Add(new($"{path}:ActivationThreshold", $"{options.ActivationThreshold} is out of range", "it must be from 1 to 1000000"));
        if (!(options.TripThreshold is > 0 and <= 1))
            problems.Add(new($"{path}:TripThreshold", $"{options.TripThreshold} is out of range", "it is a share and must be more than 0 and at most 1"));
        if (options.TrackingPeriod <= TimeSpan.Zero || options.TrackingPeriod > Longest)
            problems.Add(new($"{path}:TrackingPeriod", $"'{options.TrackingPeriod}' is out of range", "it must be more than zero and at most one day"));
        if (options.RestartTimeout < TimeSpan.FromSeconds(1) || options.RestartTimeout > Longest)
            problems.Add(new($"{path}:RestartTimeout", $"'{options.RestartTimeout}' is out of range", "it must be from one second to one day"));
    }
}
