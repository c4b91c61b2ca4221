using System.Text.Json;
using Ductape.MassTransit.Json;
using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Sessions;
using Ductape.MassTransit.Topics;

namespace Ductape.MassTransit.Publishing;

/// <summary>The payload of a publish as UTF-8 JSON.</summary>
internal static class PublishedPayload
{
    /// <summary>What is wrong with a publish without a message, and the remedy.</summary>
    public const string MissingMessage = "'input.message' is required and is missing or null: give the payload.";

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: there is no message, a header
    /// is not possible, or the id is no GUID.</exception>
    public static void CheckInput(Route route, PublishInput? input)
    {
        if (Problem(input, route.Format) is { } problem)
            throw route.Error(DuctapeErrorCodes.InvalidInput, problem);
    }

    /// <summary>What is wrong with an input before its message is written, and the remedy; or null.</summary>
    public static string? Problem(PublishInput? input, MessageFormat format) =>
        input is null ? "'input' is required and is missing: give { \"message\": … }."
        : input.Message is null ? MissingMessage
        : (input.Headers is { Count: > 0 } headers ? PublishedHeaders.Problem(headers, format) : null) ?? MessageIds.ProblemOfGiven(input.MessageId);

    /// <summary>The error for a publish without a message.</summary>
    public static DuctapeException Missing(Route route) => route.Error(DuctapeErrorCodes.InvalidInput, MissingMessage);

    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.InvalidInput"/>: the message cannot be
    /// written.</exception>
    public static ReadOnlyMemory<byte> Write(Route route, PublishInput input)
    {
        try
        {
            if (input.Message is JsonElement { ValueKind: JsonValueKind.Undefined })
                throw Missing(route);

            return PayloadJson.ToUtf8(input.Message!, input.DeclaredType, route.SerializerOptions);
        }
        // A property or a converter of the caller's own may throw anything.
        catch (Exception exception) when (exception is not (DuctapeException or OutOfMemoryException))
        {
            throw NotWritten(route, exception, AsDerived(input, exception));
        }
    }

    /// <summary>The payload with claims in the place of its references.</summary>
    /// <exception cref="DuctapeException"><see cref="DuctapeErrorCodes.SessionInvalid"/>, or
    /// <see cref="DuctapeErrorCodes.InvalidInput"/> where it is nested too deep then.</exception>
    public static ReadOnlyMemory<byte> ResolveReferences(Route route, ReadOnlyMemory<byte> payload, VerifiedSession? session)
    {
        try
        {
            return SessionReferences.Resolve(route, payload, session);
        }
        catch (JsonException exception)
        {
            throw NotWritten(route, exception, "");
        }
    }

    private static DuctapeException NotWritten(Route route, Exception exception, string remedy) =>
        route.Error(DuctapeErrorCodes.InvalidInput, $"'input.message' cannot be written as JSON: {exception.Message}{remedy}", exception);

    // A type that the declared one does not list.
    private static string AsDerived(PublishInput input, Exception exception) =>
        exception is NotSupportedException && input.DeclaredType is { } declared && input.Message!.GetType() is var type && type != declared
            ? $" Name {type.Name} with [JsonDerivedType] on {declared.Name}, or publish it as a {type.Name}."
            : "";
}
