namespace Ductape.MassTransit;

/// <summary>The settings of <see cref="BrokerTypes.InMemory"/>.</summary>
public sealed class InMemorySettings : TransportSettings;
