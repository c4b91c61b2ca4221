using Ductape.MassTransit;

namespace Ordering;

/// <summary>Starts a session, publishes with it an event that requires one, and shows what is refused.</summary>
internal sealed class SessionWorker(IMessageBroker broker, ISessions sessions, Arguments arguments, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    private const string Event = "sqsbroker:refunds";
    private const string Tag = "session-tag-1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PublishAndReceiveAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is DuctapeException or TimeoutException)
        {
            Console.Error.WriteLine(exception.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task PublishAndReceiveAsync(CancellationToken stoppingToken)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await broker.SubscribeAsync(
            Event,
            message =>
            {
                Console.WriteLine($"received {message.Json}, verified: {message.Session!.IsVerified}, user: {message.Session.User}");
                received.TrySetResult();
                return Task.CompletedTask;
            },
            env: arguments.Env,
            cancellationToken: stoppingToken);

        var started = await sessions.StartAsync(Tag, new { userId = "user_1", branch = 7 }, env: arguments.Env, cancellationToken: stoppingToken);
        Console.WriteLine($"started the session {started.SessionId}, until {started.ExpiresAt:HH:mm:ss}");

        await PublishAsync("the session's token", started.Token, stoppingToken);
        await received.Task.WaitAsync(Patience, stoppingToken);

        await PublishAsync("no session", null, stoppingToken);
        await PublishAsync("a forged token", Forge(started.Token), stoppingToken);

        var renewed = await sessions.RefreshAsync(Tag, started.RefreshToken, env: arguments.Env, cancellationToken: stoppingToken);
        await PublishAsync("the renewed token", renewed.Token, stoppingToken);

        await sessions.RevokeAsync(Tag, sessionId: renewed.SessionId, env: arguments.Env, cancellationToken: stoppingToken);
        await PublishAsync("the token after its session was revoked", renewed.Token, stoppingToken);
    }

    private async Task PublishAsync(string what, string? token, CancellationToken stoppingToken)
    {
        try
        {
            var session = token is null ? null : new SessionInput { Tag = Tag, Token = token };
            await broker.PublishAsync(
                Event,
                new { orderId = "12345", amount = 10.5, by = "$Session{session-tag-1}{userId}", branch = "$Session{session-tag-1}{branch}" },
                env: arguments.Env,
                session: session,
                cancellationToken: stoppingToken);
            Console.WriteLine($"{what}: sent");
        }
        catch (DuctapeException exception) when (exception.Code == DuctapeErrorCodes.SessionInvalid)
        {
            Console.WriteLine($"{what}: {exception.Message}");
        }
    }

    // The first letter of the signature, exchanged.
    private static string Forge(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return token[..signature] + (token[signature] == 'A' ? 'B' : 'A') + token[(signature + 1)..];
    }
}
