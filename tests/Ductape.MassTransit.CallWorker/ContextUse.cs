using System.Text.Json.Nodes;
using MassTransit;

namespace Ductape.MassTransit.CallWorker;

/// <summary>What a callback or a filter may do with MassTransit's context of a message, everything once.</summary>
internal static class ContextUse
{
    public static readonly Uri Elsewhere = new("queue:calls-elsewhere");

    public static async Task UseAsync(ConsumeContext context)
    {
        Read(context);
        context.TryGetMessage<JsonObject>(out _);
        if (context.TryGetMessage<Created>(out var created))
        {
            Read(created);
            await created.Forward(Elsewhere);
        }

        var answering = created ?? context;
        if (context.ResponseAddress is not null)
            answering.Respond(new Accepted(2));
        var endpoint = await context.GetSendEndpoint(Elsewhere);
        await endpoint.Send(new Accepted(1));
    }

    private static void Read(ConsumeContext context)
    {
        object?[] read =
        [
            context.MessageId, context.RequestId, context.CorrelationId, context.ConversationId, context.InitiatorId, context.ExpirationTime,
            context.SourceAddress, context.DestinationAddress, context.ResponseAddress, context.FaultAddress, context.SentTime, context.Headers,
            context.Host, context.SupportedMessageTypes, context.ConsumeCompleted, context.HasMessageType(typeof(Accepted)),
            context.HasPayloadType(typeof(Note)), context.TryGetPayload<Note>(out _), context.GetOrAddPayload(() => new Note()),
            context.AddOrUpdatePayload(() => new Note(), x => x),
        ];
        context.AddConsumeTask(Task.FromResult(read));
        context.AddMetricTags("read", read.Length);
        var values = new Dictionary<string, object> { ["accepted"] = context.ToDictionary(new Accepted(1)), ["count"] = 1 };
        context.SerializerContext.SerializeDictionary(values);
        context.SerializerContext.TryGetValue<Accepted>(values, "accepted", out _);
        context.SerializerContext.TryGetValue<int>(values, "count", out _);
    }

    [MessageUrn("ductape:calls:created")]
    [EntityName("calls-created-test")]
    public sealed record Created(int Id);

    public sealed record Accepted(int Id);

    private sealed class Note;
}
