using System.Text.Json;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>
/// An application on MassTransit's test harness whose topic verifies on receive, and somebody who puts messages on its
/// broker by other means.
/// </summary>
internal sealed class HarnessApp(object session, params (string Path, string Json)[] changes) : IAsyncDisposable
{
    private readonly SessionApp _app = new(Of(session, [($"{Topic}:VerifyOnReceive", "true"), .. changes]),
        more: x => x.AddMassTransitTestHarness());

    private readonly Faults _faults = new();

    public FakeTime Time => _app.Time;

    public List<ReceivedSession> Received { get; } = [];

    /// <summary>The publisher's token; null for one of the shared secret.</summary>
    public string? Token { get; init; }

    private ITestHarness Harness => _app.Services.GetRequiredService<ITestHarness>();

    public Dictionary<string, object?> Claims(params (string Name, object? Value)[] changes) => _app.Claims(changes);

    /// <summary>Publishes as it should be, and returns what travelled.</summary>
    public async Task<ConsumeContext> PublishAsync()
    {
        await Harness.Start();
        Harness.Bus.ConnectReceiveObserver(_faults);
        await _app.Broker.SubscribeAsync(OrdersConfiguration.Event, x =>
        {
            lock (Received)
                Received.Add(x.Session!);
            return Task.CompletedTask;
        });
        await _app.PublishAsync(Token ?? ForgedToken.Hmac(_app.Claims()), "original");
        await Conformance.Eventually.TrueAsync(() => Received.Count == 1 && Harness.Consumed.Select<TopicMessage>().Any());
        return Harness.Consumed.Select<TopicMessage>().Single().Context;
    }

    /// <summary>The same message again, past the library, with changes; null takes a header out.</summary>
    public Task ReplayAsync(
        ConsumeContext original, Action<Dictionary<string, object?>>? change = null, string body = "\"original\"", Guid? messageId = null)
    {
        var headers = original.Headers.GetAll().ToDictionary(x => x.Key, x => (object?)x.Value);
        change?.Invoke(headers);
        var type = _app.Services.Catalog().FetchRoute(OrdersConfiguration.Event).MessageType;
        return Harness.Bus.Publish(JsonSerializer.Deserialize(body, type)!, type, context =>
        {
            context.MessageId = messageId ?? original.MessageId;
            foreach (var (name, value) in headers.Where(x => x.Value is not null))
                context.Headers.Set(name, value);
        });
    }

    /// <summary>Why a message was refused, after one attempt and not in the callback.</summary>
    public async Task<string> RefusalAsync()
    {
        await Conformance.Eventually.TrueAsync(() => _faults.Exceptions.Count > 0);
        var error = Assert.IsType<DuctapeException>(Assert.Single(_faults.Exceptions));
        Assert.Equal((DuctapeErrorCodes.SessionInvalid, OrdersConfiguration.Event), (error.Code, error.Event));
        Assert.Single(Received);
        return error.Message;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

/// <summary>What MassTransit moved to <c>_error</c>, and why: one exception for each attempt.</summary>
internal sealed class Faults : IReceiveObserver
{
    public System.Collections.Concurrent.ConcurrentQueue<Exception> Exceptions { get; } = [];

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        Exceptions.Enqueue(exception);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
