using Ductape.MassTransit.Connections;

namespace Ductape.MassTransit.Reloading;

/// <summary>A connection that takes the place of others as soon as the broker has accepted it.</summary>
/// <param name="connection">The new connection.</param>
/// <param name="sameAs">The key of the connection in use, where both have the same settings and a topic wants new
/// endpoints.</param>
internal sealed class Replacement(Connection connection, ConnectionKey? sameAs)
{
    private volatile string? _problem;

    public Connection Connection => connection;

    public ConnectionKey? SameAs => sameAs;

    /// <summary>What it is for, in the words of the configuration.</summary>
    public SortedSet<string> Places { get; } = new(StringComparer.Ordinal);

    public string Place => string.Join(", ", Places);

    /// <summary>Why it is still not in use, after a time in which it should have been; null before.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }
}
