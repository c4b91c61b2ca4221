using Ductape.MassTransit.Diagnostics;
using Ductape.MassTransit.Routing;

namespace Ductape.MassTransit.Publishing;

/// <summary>
/// The ways in which a broker does not take a message, in words: all of them
/// <see cref="DuctapeErrorCodes.PublishFailed"/>.
/// </summary>
internal static class PublishErrors
{
    private const string Uncertain = "The broker may or may not have the message: publish it again, under the same MessageId where you gave it one.";

    public static DuctapeException TooMany(Route route, int limit) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{limit} publishes already wait for {route.Connection.Description}, which takes none at the moment{Reason(route)}. Nothing was sent. Publish again "
        + "when the broker answers, or raise MaxWaitingPublishes where the memory allows it.",
        route.Connection.State.Error);

    public static DuctapeException OutOfReach(Route route, string what, bool wasSent, Exception? cause) =>
        // What the configuration lacks says so itself.
        route.Connection.State.Error as DuctapeException
        ?? route.Error(DuctapeErrorCodes.PublishFailed,
            $"{route.Connection.Description} {what}{Reason(route)}. {(wasSent ? Uncertain : "Nothing was sent.")} Check that the broker runs and that its "
            + "address and credentials in the configuration are right.",
            route.Connection.State.Error ?? cause);

    public static DuctapeException NotConfirmed(Route route, string when, Exception cause) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{route.Connection.Description} did not confirm the message to {route.Entity} {when}{Alarm(route)}. {Uncertain} Look at the broker's alarms and log.",
        route.Connection.State.Error ?? cause);

    public static DuctapeException Blocked(Route route, string reason, bool wasSent) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{route.Connection.Description} takes no publishes at present: the server has an alarm ({reason}), and "
        + $"{(route.Connection.HasGivenUp ? "the application stops" : "WhenUnavailable is 'fail'")}. {(wasSent ? Uncertain : "Nothing was sent.")} Let the queues be read, or "
        + "give the server more memory or disk space.",
        null);

    public static DuctapeException Refused(Route route, Exception cause) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{route.Connection.Description} refused the message to {route.Entity}. A queue of it is full (its length limit with "
        + "reject-publish) or not available; its other queues may have the message. Let the queue be read, or raise its limit, and publish again, "
        + "under the same MessageId where you gave it one.",
        cause);

    public static DuctapeException Faulty(Route route, Exception cause) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{route.Connection.Description} does not take the message to {route.Entity} for what is in it or for where it goes: "
        + $"{route.Connection.Mask.Hide(cause).Message}. No queue has it, and "
        + "the same message would be refused again. Change what the broker names: the message, a limit of the broker, or what the user may do there.",
        cause);

    public static DuctapeException Unroutable(Route route, Exception? cause) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"no queue is bound to {route.Entity} on {route.Connection.Description}{(route.RoutingKey is { } key ? $" with the routing key '{key}'" : "")}, so nobody "
        + "would receive the message, and the topic's OnUnroutable is 'fail'. Start a subscriber, name the products that receive the event in the "
        + "topic's Subscribers, or set OnUnroutable to 'ignore'.",
        cause);

    public static DuctapeException NotTaken(Route route, Exception cause) => route.Error(DuctapeErrorCodes.PublishFailed,
        $"{route.Connection.Description} did not take the message to {route.Entity}: {route.Connection.Mask.Hide(cause).Reason()}{Remedy(route, cause)}", cause);

    private static string Remedy(Route route, Exception cause) => route.Connection.RemedyFor(cause) is { } remedy ? $". {remedy}" : "";

    private static string Alarm(Route route) =>
        route.Connection.Blocked is { } reason ? $": the server has an alarm ({reason}) and takes no publishes" : "";

    private static string Reason(Route route) => route.Connection.State.Reason is { } reason ? $": {reason}" : "";
}
