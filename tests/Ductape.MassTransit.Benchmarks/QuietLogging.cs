using Microsoft.Extensions.Logging;

namespace Ductape.MassTransit.Benchmarks;

/// <summary>The same logging for both sides: warnings and worse, to the console.</summary>
internal static class QuietLogging
{
    public static ILoggerFactory Factory { get; } = LoggerFactory.Create(Configure);

    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddConsole();
    }
}
