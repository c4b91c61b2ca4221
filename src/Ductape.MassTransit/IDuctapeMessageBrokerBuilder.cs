namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <c>AddDuctapeMessageBroker()</c> returns; transports and subscribers are added to it.</summary>
public interface IDuctapeMessageBrokerBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}

internal sealed record DuctapeMessageBrokerBuilder(IServiceCollection Services) : IDuctapeMessageBrokerBuilder;
