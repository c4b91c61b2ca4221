namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>A clock that only the test moves. Begins now, since the messages themselves carry the real time.</summary>
public sealed class FakeTime : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(System.GetUtcNow().ToUnixTimeSeconds());

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>Seconds since 1970, so many after now.</summary>
    public long In(int seconds) => _now.ToUnixTimeSeconds() + seconds;
}
