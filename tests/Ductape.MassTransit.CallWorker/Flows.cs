namespace Ductape.MassTransit.CallWorker;

/// <summary>The flows by name; a process goes through those of one name.</summary>
public static class Flows
{
    /// <summary>Goes through each, also when one before it failed.</summary>
    public static async Task RunAsync(string[] args)
    {
        var failures = new List<Exception>();
        foreach (var run in Of(args))
        {
            try
            {
                await run();
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    private static Func<Task>[] Of(string[] args) => args switch
    {
        ["core"] =>
        [
            () => MemoryFlow.RunAsync("calls"), () => MemoryFlow.RunAsync("bare"), MemoryFlow.RunBusAsync, MemoryFlow.SendAsync,
            HostFlow.RunAsync, HostFlow.RunWithoutServerAsync,
        ],
        ["rabbitmq", var url] =>
        [
            () => RabbitMqFlow.RunAsync(url, "calls"), () => RabbitMqFlow.RunAsync(url, "bare"), () => RabbitMqFlow.ReceiveForeignAsync(url),
            () => RabbitMqFlow.RunBusAsync(url),
        ],
        _ => throw new ArgumentException($"There is no flow '{string.Join(' ', args)}'."),
    };
}
