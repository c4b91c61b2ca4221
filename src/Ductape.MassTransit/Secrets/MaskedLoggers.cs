using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Secrets;

/// <summary>The application's loggers for code of others, which may write what a secret holds.</summary>
internal sealed class MaskedLoggers(ILoggerFactory loggers, SecretMask mask) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new MaskedLogger(loggers.CreateLogger(categoryName), mask);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // They are the application's.
    }
}
