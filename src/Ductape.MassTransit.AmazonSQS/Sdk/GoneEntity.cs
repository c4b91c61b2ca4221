namespace Ductape.MassTransit;

/// <summary>A topic or queue that was there and is not any more.</summary>
internal readonly record struct GoneEntity(bool IsTopic, string Name);
