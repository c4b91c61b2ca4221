using System.Globalization;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.RabbitMQ.Tests.Outages;

/// <summary>A consumer that an orchestrator ends in the middle of its work: a real process, a real signal.</summary>
public sealed class SigtermTests(RabbitMqFixture fixture) : RabbitMqTest(fixture)
{
    private const int Messages = 200;

    [Fact]
    public async Task Callbacks_in_flight_finish_and_every_other_message_goes_to_the_next_consumer_once()
    {
        await using var worker = await WorkerProcess.StartAsync(Node.Url, BrokerTag, callbackMilliseconds: 1_000);
        await PublishAsync();
        await Eventually.TrueAsync(() => worker.Begun.Count >= 20);

        var exit = await worker.TerminateAsync();

        Assert.Equal(0, exit);
        Assert.InRange(worker.Begun.Count, 20, Messages - 1);
        Assert.Equal(worker.Begun.Order(), worker.Ended.Order());
        var rest = await TakeRestAsync(Messages - worker.Ended.Count);
        // What had ended was acknowledged, and what had not begun was not.
        Assert.Equal(Enumerable.Range(0, Messages), worker.Ended.Concat(rest).Order());
    }

    [Fact]
    public async Task A_callback_that_does_not_end_in_time_keeps_its_message_in_the_queue()
    {
        await using var worker = await WorkerProcess.StartAsync(Node.Url, BrokerTag, callbackMilliseconds: 600_000, shutdownSeconds: 1);
        await PublishAsync();
        await Eventually.TrueAsync(() => worker.Begun.Count == 16);

        await worker.TerminateAsync();

        Assert.Empty(worker.Ended);
        Assert.Equal(Enumerable.Range(0, Messages), (await TakeRestAsync(Messages)).Order());
    }

    private Task PublishAsync()
    {
        var app = Start();
        return Task.WhenAll(Enumerable.Range(0, Messages).Select(x => app.Broker.PublishAsync(Created, x)));
    }

    private async Task<IReadOnlyList<int>> TakeRestAsync(int count)
    {
        var inbox = new Inbox();
        await Start().Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await inbox.HasAsync(count);
        return [.. inbox.Bodies.Select(x => int.Parse(x, CultureInfo.InvariantCulture))];
    }
}
