using System.Text.Json.Nodes;
using Ductape.MassTransit.Tests.Diagnostics;
using Ductape.MassTransit.Tests.Reloading;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Filters;

/// <summary>Filters whose pattern matches no configured event.</summary>
public sealed class UnusedFilterTests : ReloadTest
{
    private const string Unused = "never runs";

    [Theory]
    [InlineData("order:*", "Did you mean 'orders'? Configured brokers: 'orders'.")]
    [InlineData("*:creatde", "Did you mean 'created'? Configured topics: 'created', 'shipped'.")]
    [InlineData("orders:refunded", "Configured topics: 'created', 'shipped'.")]
    public async Task The_start_tells_of_them_with_pattern_type_and_remedy(string events, string hint)
    {
        var lines = await StartAsync(x => x.AddPublishFilter<Passing>(events));

        Assert.StartsWith(
            $"Warning: The publish filter {typeof(Passing)} never runs, since no configured event matches its pattern '{events}'. Correct the pattern "
                + $"where the filter is added, or configure the event. {hint} ",
            Assert.Single(lines));
    }

    [Fact]
    public async Task Each_kind_type_and_pattern_is_told_of_once()
    {
        var lines = await StartAsync(x => x.AddPublishFilter<Passing>("order:*").AddPublishFilter<Passing>("order:*").AddPublishFilter<Passing>("orders:paid")
            .AddDeliveryFilter<Passing>("order:*").AddDeliveryFilter<Other>("order:*"));

        Assert.Equal(
            [
                $"publish filter {typeof(Passing)} 'order:*'", $"publish filter {typeof(Passing)} 'orders:paid'",
                $"delivery filter {typeof(Passing)} 'order:*'", $"delivery filter {typeof(Other)} 'order:*'",
            ],
            lines.Select(x => $"{x[13..x.IndexOf(" never", StringComparison.Ordinal)]} {x.Split(' ').First(word => word[0] == '\'').TrimEnd('.')}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    [InlineData("*:*")]
    [InlineData("ORDERS:*")]
    [InlineData("*:Created")]
    [InlineData("orders:shipped")]
    public async Task Those_that_an_event_matches_are_not_told_of(string? events) =>
        Assert.Empty(await StartAsync(x => x.AddPublishFilter<Passing>(events).AddDeliveryFilter<Passing>(events)));

    [Fact]
    public async Task An_event_of_another_product_counts() =>
        Assert.Empty(await StartAsync(
            x => x.AddDeliveryFilter<Passing>("orders:refunded"), section => Topics(section, "billing")["refunded"] = new JsonObject()));

    [Fact]
    public async Task A_filter_for_all_events_is_not_told_of_where_there_is_none() =>
        Assert.Empty(await StartAsync(x => x.AddPublishFilter<Passing>("*:*"), section =>
        {
            Topics(section).Clear();
            Topics(section, "billing").Clear();
        }));

    [Fact]
    public async Task A_reload_tells_of_those_that_it_leaves_without_an_event_and_of_no_others_again()
    {
        var app = Start(x => x.AddPublishFilter<Passing>("orders:shipped").AddDeliveryFilter<Passing>("order:*"), hosted: true);
        await app.Host.StartAsync();
        Assert.Contains("delivery filter", Assert.Single(Lines(Logs)));

        await app.ReloadedAsync(Remove);
        Assert.Contains("publish filter", Assert.Single(Lines(Logs).Skip(1)));

        await app.ReloadedAsync(x => Topics(x)["more"] = new JsonObject());
        Assert.Equal(2, Lines(Logs).Length);

        await app.ReloadedAsync(x => Topics(x)["shipped"] = new JsonObject());
        await app.ReloadedAsync(Remove);
        Assert.Contains("publish filter", Assert.Single(Lines(Logs).Skip(2)));

        await app.Host.StopAsync();

        static void Remove(JsonNode section)
        {
            Topics(section).Remove("shipped");
            Topics(section, "billing").Remove("shipped");
        }
    }

    private async Task<string[]> StartAsync(Action<IDuctapeMessageBrokerBuilder> add, Action<JsonNode>? change = null)
    {
        var app = Start(add, hosted: true, change: change);
        await app.Host.StartAsync();
        await app.Host.StopAsync();
        return Lines(Logs);
    }

    private static string[] Lines(CapturedLogs logs) => [.. logs.Lines.Where(x => x.Contains(Unused, StringComparison.Ordinal))];

    public class Passing : IPublishFilter, IDeliveryFilter
    {
        public Task<PublishResult> PublishAsync(OutgoingMessage message, PublishNext next, CancellationToken cancellationToken) => next(message);

        public Task DeliverAsync(ReceivedMessage message, DeliveryNext next) => next(message);
    }

    public sealed class Other : Passing;
}
