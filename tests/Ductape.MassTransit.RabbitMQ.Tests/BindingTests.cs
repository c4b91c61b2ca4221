using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>Exchanges and bindings that somebody deletes while the application runs.</summary>
public sealed class BindingTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    [Fact]
    public async Task An_exchange_that_was_deleted_is_made_again_with_the_queues_of_this_process_before_the_next_message()
    {
        var warnings = new Warnings();
        var app = Start(configure: x => x.AddLogging(y => y.AddProvider(warnings)));
        var (inbox, audit, ephemeral) = (new Inbox(), new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.SubscribeAsync(Created, audit.ReceiveAsync, subscription: "audit");
        await app.Broker.SubscribeAsync(Created, ephemeral.ReceiveAsync, ephemeral: true);
        await app.Broker.PublishAsync(Created, 0);

        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeleteAsync(Entity);
        for (var i = 1; i < 20; i++)
            await app.Broker.PublishAsync(Created, i);

        foreach (var box in new[] { inbox, audit, ephemeral })
            await box.HasAsync(20, TimeSpan.FromSeconds(60));
        Assert.Single(warnings.Lines, x => x.Contains($"The exchange {Entity} was deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_others_deleted_and_others_made_again_is_bound_within_a_probe()
    {
        var app = Start();
        var (inbox, ephemeral, shipped) = (new Inbox(), new Inbox(), new Inbox());
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        var ephemeralQueue = await app.Broker.SubscribeAsync(Created, ephemeral.ReceiveAsync, ephemeral: true);
        await app.Broker.SubscribeAsync(Shipped, shipped.ReceiveAsync);
        await using var connection = await Node.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var other = Entity.Replace("created", "shipped", StringComparison.Ordinal);

        await channel.ExchangeDeleteAsync(Entity);
        await channel.ExchangeDeclareAsync(Entity, "fanout", durable: true);
        await channel.QueueUnbindAsync($"shop-{other}", other, "");

        await Eventually.TrueAsync(async () =>
        {
            var bindings = (await Node.ControlAsync("list_bindings", "source_name", "destination_name")).Split('\n');
            return bindings.Contains($"{Entity}\t{ShopQueue}") && bindings.Contains($"{other}\tshop-{other}")
                && bindings.Contains($"{Entity}\t{ephemeralQueue.Queue}");
        }, TimeSpan.FromSeconds(90), "the bindings are there again");
        await app.Broker.PublishAsync(Created, 1);
        await app.Broker.PublishAsync(Shipped, 1);
        await inbox.HasAsync(1, TimeSpan.FromSeconds(60));
        await ephemeral.HasAsync(1, TimeSpan.FromSeconds(60));
        await shipped.HasAsync(1, TimeSpan.FromSeconds(60));
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IReadOnlyList<string> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
