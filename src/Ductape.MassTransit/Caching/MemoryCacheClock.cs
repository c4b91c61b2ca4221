using Microsoft.Extensions.Internal;

namespace Ductape.MassTransit.Caching;

/// <summary>The memory cache takes its time from an interface that is older than <see cref="TimeProvider"/>.</summary>
internal sealed class MemoryCacheClock(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
