namespace Ductape.MassTransit.Publishing;

/// <summary>The scope that a publish belongs to.</summary>
/// <param name="Services">Its services.</param>
/// <param name="Endpoint">Where a route on the application's own bus is published, or null for the bus itself.</param>
internal sealed record PublishScope(IServiceProvider Services, IPublishEndpoint? Endpoint);
