using System.Text.Json.Nodes;
using Ductape.MassTransit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Ductape.MassTransit.AmazonSQS.Tests;

public sealed class AmazonSqsPublishing(AmazonSqsFixture fixture) : PublishConformance
{
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

public sealed class AmazonSqsRedeliveries(AmazonSqsFixture fixture) : RedeliveryConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsDeadLetters(AmazonSqsFixture fixture) : DeadLetterConformance
{
    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class FifoDeadLetters(AmazonSqsFixture fixture) : DeadLetterConformance
{
    protected override JsonObject Env() => fixture.FifoEnv();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}

public sealed class AmazonSqsSubscriptionMemory(AmazonSqsFixture fixture) : SubscriptionMemoryConformance
{
    // Each cycle declares and deletes a queue, and waits for the requests for messages that are open.
    protected override int Cycles => 10;

    protected override JsonObject Env() => fixture.Env();

    protected override void AddTransport(IDuctapeMessageBrokerBuilder builder) => builder.AddAmazonSqs();

    protected override Task<IReadOnlyList<string>> ErrorsAsync(ConformanceApp app, int count) => fixture.ErrorsAsync(app, Created, count);
}
