using Ductape.MassTransit;

namespace Ordering;

/// <summary>
/// Publishes the same order several times, once with a cache and once under an idempotency key, and prints what
/// happened.
/// </summary>
internal sealed class CacheWorker(IMessageBroker broker, ICaches caches, Arguments arguments, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private const string Event = "sqsbroker:new-orders";
    private const string Cache = "orders-cache";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Print("the order", await PublishAsync(new { orderId = "12345", status = "pending" }, stoppingToken, cache: Cache));
            Print("its properties in another order", await PublishAsync(new { status = "pending", orderId = "12345" }, stoppingToken, cache: Cache));
            Print("another status", await PublishAsync(new { orderId = "12345", status = "paid" }, stoppingToken, cache: Cache));

            foreach (var value in (await caches.ListValuesAsync(Cache, cancellationToken: stoppingToken)).Values)
                Console.WriteLine($"  in {value.CacheTag}: {value.Event}, process {value.ProcessId}, until {value.ExpiresAt:HH:mm:ss}");
            Console.WriteLine($"cleared {await caches.ClearAsync(Cache, cancellationToken: stoppingToken)} values");
            Print("the order after that", await PublishAsync(new { orderId = "12345", status = "pending" }, stoppingToken, cache: Cache));

            Print("a payment", await PublishAsync(new { orderId = "12345", paid = 10 }, stoppingToken, key: "payment-777"));
            Print("the same payment", await PublishAsync(new { orderId = "12345", paid = 10 }, stoppingToken, key: "payment-777"));
            await PublishAsync(new { orderId = "12345", paid = 99 }, stoppingToken, key: "payment-777");
        }
        catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.InvalidInput)
        {
            Console.WriteLine($"another payment under the same key: {exception.Message}");
        }
        catch (DuctapeException exception)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private Task<PublishResult> PublishAsync(object message, CancellationToken stoppingToken, string? cache = null, string? key = null) =>
        broker.PublishAsync(Event, message, env: arguments.Env, cache: cache, idempotencyKey: key, cancellationToken: stoppingToken);

    private static void Print(string what, PublishResult result) =>
        Console.WriteLine($"{what}: {(result.Cached ? "not sent again" : "sent")}, process {result.ProcessId}");
}
