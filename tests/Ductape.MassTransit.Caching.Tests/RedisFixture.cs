using Ductape.MassTransit.Caching.Tests;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace Ductape.MassTransit.Caching.Tests;

/// <summary>The server that the tests share which do not harm it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; } = new();

    public async ValueTask InitializeAsync() => await Server.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
