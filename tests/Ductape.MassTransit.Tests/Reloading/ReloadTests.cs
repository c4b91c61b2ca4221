using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Ductape.MassTransit.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.Tests.Reloading;

/// <summary>What a changed configuration adds and changes.</summary>
public class ReloadTests : ReloadTest
{
    [Fact]
    public async Task A_topic_that_is_written_to_appsettings_json_works_without_a_restart()
    {
        var app = Start(watched: true);
        Assert.Equal(DuctapeErrorCodes.TopicNotFound,
            (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync("orders:returned", 1))).Code);

        app.Write(x => Topics(x)["returned"] = new JsonObject());

        await Eventually.TrueAsync(() => app.Catalog.ListTopics(Broker).Any(x => x.Tag == "orders:returned"));
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync("orders:returned", inbox.ReceiveAsync);
        await app.Broker.PublishAsync("orders:returned", 1);
        await inbox.HasAsync(1);
    }

    [Fact]
    public async Task Products_brokers_environments_sessions_and_caches_are_added()
    {
        var app = Start();
        app.Catalog.FetchRoute(Created);

        await app.ReloadedAsync(x => x["Products"]!["returns"] = JsonNode.Parse(
            $$$"""
            {
              "Brokers": { "parcels": { "Envs": { "eu": { "Type": "IN_MEMORY" } }, "Topics": { "lost": { "RequireSession": [ "web" ] } } } },
              "Sessions": { "web": { "SigningKey": "{{{SessionConfiguration.SigningKey}}}", "Selector": "$Session{userId}" } },
              "Caches": { "once": { } }
            }
            """));

        var inbox = new Inbox();
        await app.Broker.SubscribeAsync("parcels:lost", inbox.ReceiveAsync, product: "returns", env: "eu");
        var session = await app.Services.GetRequiredService<ISessions>().StartAsync("web", new { userId = "u1" }, product: "returns", env: "eu");
        Task<PublishResult> PublishAsync() => app.Broker.PublishAsync("parcels:lost", 1, product: "returns", env: "eu", cache: "once",
            session: new SessionInput { Tag = "web", Token = session.Token });
        var first = await PublishAsync();
        var second = await PublishAsync();
        await inbox.HasAsync(1);
        Assert.True(second.Cached);
        Assert.Equal(first.MessageId, second.MessageId);
        Assert.Equal("u1", inbox.Letters[0].Session!.User);
    }

    [Fact]
    public async Task A_subscription_goes_on_through_a_reload()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);
        await app.Broker.PublishAsync(Created, 1);

        await app.ReloadedAsync(x => Topics(x)["returned"] = new JsonObject());
        await app.Broker.PublishAsync(Created, 2);

        await inbox.HasAsync(2);
        Assert.Equal(["1", "2"], inbox.Bodies.Order());
        await subscription.StopAsync();
    }

    [Fact]
    public async Task A_changed_signing_key_of_a_session_type_is_used_and_an_unchanged_one_goes_on()
    {
        var app = Start();
        JsonObject Type(string key) => new() { ["SigningKey"] = key, ["Selector"] = "$Session{userId}" };
        await app.ReloadedAsync(x =>
        {
            x["Products"]!["shop"]!["Sessions"] =
                new JsonObject { ["web"] = Type(SessionConfiguration.SigningKey), ["app"] = Type("$Secret{APP_KEY}") };
            x["Secrets"] = new JsonObject { ["APP_KEY"] = "the first key of thirty-two bytes and more" };
        });
        var sessions = app.Services.GetRequiredService<ISessions>();
        var web = await sessions.StartAsync("web", new { userId = "u1" }, product: "shop", env: "test");
        var mobile = await sessions.StartAsync("app", new { userId = "u1" }, product: "shop", env: "test");

        await app.ReloadedAsync(x => x["Secrets"]!["APP_KEY"] = "the second key of thirty-two bytes and more");

        Assert.True((await sessions.VerifyAsync("web", web.Token, product: "shop", env: "test")).Valid);
        Assert.False((await sessions.VerifyAsync("app", mobile.Token, product: "shop", env: "test")).Valid);
        var next = await sessions.StartAsync("app", new { userId = "u1" }, product: "shop", env: "test");
        Assert.True((await sessions.VerifyAsync("app", next.Token, product: "shop", env: "test")).Valid);
    }

    [Fact]
    public async Task Subscribers_that_are_added_get_their_queue_before_the_next_publish()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, "nobody");

        await app.ReloadedAsync(x => Topics(x)["created"] = new JsonObject { ["Subscribers"] = new JsonArray("billing") });
        await app.Broker.PublishAsync(Created, "kept");

        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync, product: "billing");
        await inbox.HasAsync(1);
        Assert.Equal(["\"kept\""], inbox.Bodies);
    }

    [Fact]
    public async Task A_tag_that_comes_in_another_case_is_the_same_tag()
    {
        var app = Start();
        var inbox = new Inbox();
        var subscription = await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.ReloadedAsync(x =>
        {
            (x["Env"], x["Product"]) = ("TEST", "SHOP");
            foreach (var product in new[] { "shop", "billing" })
            {
                Topics(x, product).Remove("created");
                Topics(x, product)["Created"] = new JsonObject();
            }
        });
        var published = await app.Broker.PublishAsync(Created, 1);

        await inbox.HasAsync(1);
        // In memory a topic whose queue is in use keeps its names until the next start.
        Assert.Equal((Created, Created, "test"), (published.Event, subscription.Event, subscription.Env));
        Assert.Equal(0, Logged("cannot change"));
    }

    [Fact]
    public async Task Timeouts_and_limits_are_those_of_the_new_configuration()
    {
        var app = Start();
        await app.Broker.PublishAsync(Created, "12345678901234567890");

        await app.ReloadedAsync(x => x["Products"]!["shop"]!["Brokers"]![Broker]!["Envs"]!["test"]!["MaxMessageSize"] = 10);

        Assert.Equal(DuctapeErrorCodes.MessageTooLarge,
            (await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, "12345678901234567890"))).Code);
    }

    [Fact]
    public async Task The_default_product_and_environment_stay_those_of_the_start()
    {
        var app = Start();
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.ReloadedAsync(x =>
        {
            x["Product"] = "billing";
            Topics(x)["returned"] = new JsonObject();
        });

        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
        Assert.Equal("shop", inbox.Letters[0].ProductTag);
        Assert.Equal("orders:returned", app.Catalog.FetchTopic("orders:returned", "shop").Tag);
        Assert.Equal(1, Logged("names another default Product or Env"));
    }

    [Fact]
    public async Task In_memory_a_topics_other_retries_are_for_the_next_start_and_the_log_says_so()
    {
        var app = Start(x => x.AddJsonSchema());
        var inbox = new Inbox();
        await app.Broker.SubscribeAsync(Created, inbox.ReceiveAsync);

        await app.ReloadedAsync(x => Topics(x)["created"] = new JsonObject
        {
            ["Retry"] = new JsonObject { ["Count"] = 2 },
            ["Name"] = "New",
            ["Schema"] = """{ "type": "number" }""",
            ["Validate"] = "enforce",
        });

        Assert.Equal("New", app.Catalog.FetchTopic(Created).Name);
        Assert.Equal(1, Logged("What was changed of orders:created of shop is for the next start"));
        await app.Broker.PublishAsync(Created, 1);
        await inbox.HasAsync(1);
        // What only publishes ask counts at once.
        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(Created, "text"));
        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
    }

    [Fact]
    public async Task The_events_file_is_read_again_with_the_configuration()
    {
        var file = Path.GetTempFileName();
        string Events(string topics) =>
            $$"""[ { "tag": "parcels", "envs": [ { "slug": "test", "type": "IN_MEMORY" } ], "topics": [ {{topics}} ] } ]""";
        await File.WriteAllTextAsync(file, Events("""{ "tag": "parcels:sent" }"""), TestContext.Current.CancellationToken);
        var app = Start(x => x.AddDuctapeEventsFile(file));
        Assert.Equal(["parcels:sent"], app.Catalog.ListTopics("parcels").Select(x => x.Tag));

        await File.WriteAllTextAsync(file, Events("""{ "tag": "parcels:sent" }, { "tag": "parcels:lost" }"""), TestContext.Current.CancellationToken);
        await app.ReloadedAsync(_ => { });

        Assert.Equal(["parcels:lost", "parcels:sent"], app.Catalog.ListTopics("parcels").Select(x => x.Tag));
        File.Delete(file);
    }

    [Fact]
    public async Task A_route_is_still_found_without_allocating()
    {
        var app = Start();
        await app.ReloadedAsync(x => Topics(x)["returned"] = new JsonObject());
        for (var i = 0; i < 100; i++)
            app.Catalog.FetchRoute(Created, "shop", "test");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            app.Catalog.FetchRoute(Created, "shop", "test");

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
