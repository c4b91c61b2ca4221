using Ductape.MassTransit.Routing;
using Ductape.MassTransit.Sessions;

namespace Ductape.MassTransit.Subscribing;

/// <summary>Checks what a call asks to subscribe to, its input and its session.</summary>
internal sealed class SubscribeCheck(CallRoutes routes, SessionVerifier sessions)
{
    /// <returns>The route of the call.</returns>
    /// <exception cref="DuctapeException">There is no such route, or the input or the session is not
    /// acceptable.</exception>
    public async ValueTask<Route> RunAsync(MessageBrokerSubscribeInput data, CancellationToken cancellationToken)
    {
        var route = routes.Of(data);
        CheckInput(route, data.Input);
        await sessions.VerifyAsync(route, data.Session, cancellationToken).ConfigureAwait(false);
        return route;
    }

    /// <summary>What is wrong with an input, wherever its event goes, and the remedy; or null.</summary>
    public static string? Problem(SubscribeInput? input) =>
        input is null ? "'input' is required and is missing: give the callback."
        : input.Callback is null ? "'input.callback' is required and is missing."
        : input.Subscription is null ? null
        : EventName.TagProblem(input.Subscription) is { } problem ? $"'input.subscription' '{input.Subscription}' {problem}."
        : input.Ephemeral ? "'input.subscription' and 'input.ephemeral' exclude each other: an ephemeral queue has a name of its own."
        : null;

    private static void CheckInput(Route route, SubscribeInput? input)
    {
        if (Problem(input) is { } problem)
            throw route.Error(DuctapeErrorCodes.InvalidInput, problem);

        if (route.IsExistingQueue && (input!.Subscription is not null || input.Ephemeral))
        {
            throw route.Error(DuctapeErrorCodes.InvalidInput,
                $"'input.{(input.Ephemeral ? "ephemeral" : "subscription")}' needs a queue of its own, and in {route.Env} every message of '{route.Event}' goes to "
                + $"the existing queue '{route.Queue}', on which subscribers compete. Leave it out, or leave the queue's URL or name out of the configuration.");
        }
    }
}
