using System.Text.RegularExpressions;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Ductape.MassTransit.RabbitMQ.Failures;

/// <summary>What to do about what the server refuses: its text names what differs, and not how to go on.</summary>
internal static partial class RabbitMqRemedy
{
    private const string Passive = "\"Declare\": \"passive\" on the topic, or in the broker's Config,";
    private const string Create = "\"Declare\": \"create\"";

    public static string? For(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is RabbitMqMissingException { IsEphemeral: true })
            {
                return "Nothing is declared, since Declare is passive: subscribe without 'ephemeral' to a queue that exists, or let the library make "
                    + $"queues with {Create}.";
            }

            if (e is RabbitMqMissingException)
                return $"Nothing is declared, since Declare is passive: make what is missing, or let the library make it with {Create}.";
            if (e is OperationInterruptedException { ShutdownReason: { } reason })
                return For(reason.ReplyCode, reason.ReplyText ?? "");
        }

        return null;
    }

    public static string? For(int code, string text) => code switch
    {
        Constants.PreconditionFailed when Inequivalent().Match(text) is { Success: true } match => ForArgument(
            match.Groups["arg"].Value, match.Groups["kind"].Value, match.Groups["name"].Value, Value(match.Groups["here"].Value),
            Value(match.Groups["there"].Value)),
        Constants.AccessRefused when text.Contains("'amq.default'", StringComparison.Ordinal) =>
            "Give the user the right to write to amq.default: failed messages, redeliveries and replays go straight to their queues by that exchange.",
        Constants.AccessRefused => $"Give the user the right that is missing; one who may not configure anything needs {Passive} which uses what exists.",
        Constants.ResourceLocked => "Another connection has the queue for itself; close that one.",
        _ => null,
    };

    private static string ForArgument(string argument, string kind, string name, string? here, string? there)
    {
        if (argument == "x-queue-type" && there == "stream")
            return $"The queue '{name}' is a stream, which this library does not read: give the topic another Queue, bound to the same exchange.";

        var differs = $"The {kind} '{name}' exists with {argument} {there ?? "not set"}, and here it is {here ?? "not set"}: ";
        var way = argument switch
        {
            "type" => $"set the topic's ExchangeType to {there}",
            "x-queue-type" => $"set QueueType in the broker's Config to {there}",
            "x-delivery-limit" when there is not null => $"set DeliveryLimit in the broker's Config to {there}",
            "x-single-active-consumer" => "set SingleActiveConsumer in the broker's Config as it is there",
            _ when kind == "queue" && argument.StartsWith("x-", StringComparison.Ordinal) =>
                there is null ? $"leave {argument} out of the topic's Arguments" : $"say \"{argument}\": \"{there}\" in the topic's Arguments",
            _ => null,
        };
        return $"{differs}{(way is null ? "" : $"{way}, or ")}use what exists as it is with {Passive} or delete the {kind}, which is made anew then.";
    }

    // "the value '10' of type 'signedint'", "none", "'topic'".
    private static string? Value(string text) =>
        text == "none" || text == "undefined" ? null : text.Split('\'') is [_, var value, ..] ? value : text;

    [GeneratedRegex("inequivalent arg '(?<arg>[^']+)' for (?<kind>queue|exchange) '(?<name>[^']*)'.*?: received (?<here>.+?) but current is (?<there>.+?)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline, 250)]
    private static partial Regex Inequivalent();
}
