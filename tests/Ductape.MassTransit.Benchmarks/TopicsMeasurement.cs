namespace Ductape.MassTransit.Benchmarks;

/// <summary>What one side's process with many topics took.</summary>
internal sealed record TopicsMeasurement(
    double StartSeconds, double MessagesPerSecond, double CpuMicroseconds, double AllocatedBytes, double WorkingSetMegabytes);
