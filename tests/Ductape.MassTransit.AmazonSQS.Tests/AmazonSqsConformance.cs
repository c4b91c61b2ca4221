using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class AmazonSqsPublishing(AmazonSqsFixture fixture) : PublishConformance
{
    protected override string? NoUnroutable => "Amazon SNS takes a message that nobody would get, and does not say so.";

    protected override int LargePayload => 200 * 1024;

    protected override bool BarePayloadsAreObjects => true;

    // Every message is a request or two.
    protected override int ConcurrentMessages => 200;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsSubscribing(AmazonSqsFixture fixture) : SubscribeConformance
{
    protected override string? NoSubscriptionDuringStop =>
        "A receiver of MassTransit's Amazon SQS transport that is started while the one before it still ends reads nothing.";

    // Every message is a request or two.
    protected override int ConcurrentMessages => 200;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsSessions(AmazonSqsFixture fixture) : SessionConformance
{
    protected override string? NoReplay => "Dead letters of Amazon SQS are not replayed here.";

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsShutdown(AmazonSqsFixture fixture) : ShutdownConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsPublishMany(AmazonSqsFixture fixture) : PublishManyConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
