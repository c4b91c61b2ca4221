namespace Ductape.MassTransit.Benchmarks;

/// <summary>What both sides are set to, and how hard they are driven.</summary>
internal sealed record Load
{
    public const int Prefetch = 256;
    public const int Concurrency = 16;
    public const int Publishers = 32;

    /// <summary>
    /// How long the order is in this library's envelope, nearly; the table's "body B" says it to the byte.
    /// </summary>
    public const int EnvelopeBytes = 585;

    public static readonly TimeSpan[] RetryDelays =
        [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(800)];

    public required int Messages { get; init; }

    public required int WarmUp { get; init; }

    public required int Rounds { get; init; }

    public required int LatencySamples { get; init; }

    public static Load InMemory(bool quick) => quick
        ? new Load { Messages = 5_000, WarmUp = 5_000, Rounds = 3, LatencySamples = 500 }
        : new Load { Messages = 20_000, WarmUp = 40_000, Rounds = 7, LatencySamples = 4_000 };

    public static Load RabbitMq(bool quick) => quick
        ? new Load { Messages = 3_000, WarmUp = 3_000, Rounds = 3, LatencySamples = 300 }
        : new Load { Messages = 8_000, WarmUp = 12_000, Rounds = 7, LatencySamples = 2_000 };
}
