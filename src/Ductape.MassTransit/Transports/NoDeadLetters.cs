namespace Ductape.MassTransit.Transports;

/// <summary>The dead letters of a queue that nobody has read yet.</summary>
internal sealed class NoDeadLetters : IDeadLetterQueue
{
    public static readonly NoDeadLetters Instance = new();

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<long> ScanAsync(Func<DeadLetterMessage, ValueTask<DeadLetterDecision>> decide, CancellationToken cancellationToken) =>
        Task.FromResult(0L);
}
