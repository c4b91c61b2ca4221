namespace Ductape.MassTransit.Benchmarks;

/// <summary>What one end-to-end run cost.</summary>
internal readonly record struct Measurement(double MessagesPerSecond, double CpuMicroseconds, double AllocatedBytes);
