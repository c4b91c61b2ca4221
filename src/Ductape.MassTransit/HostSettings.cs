namespace Ductape.MassTransit;

/// <summary>The settings of <see cref="BrokerTypes.Host"/>.</summary>
public sealed class HostSettings : TransportSettings;
