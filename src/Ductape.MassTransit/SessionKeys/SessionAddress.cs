namespace Ductape.MassTransit.SessionKeys;

/// <summary>Where keys may be fetched. What it says never repeats the address, which may hold credentials.</summary>
internal static class SessionAddress
{
    // Keys that somebody on the way could exchange prove nothing.
    public static ConfigurationProblem? Problem(string address, string path) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? null
            : new(path, "it is not an https address", "give one as https://login.example.com (http is accepted for this machine, localhost, alone)");
}
