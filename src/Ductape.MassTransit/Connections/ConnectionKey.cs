namespace Ductape.MassTransit.Connections;

/// <summary>Equal for broker environments that share one connection.</summary>
/// <param name="Type">The transport.</param>
/// <param name="Settings">What the transport takes for the identity of its settings; may contain secrets.</param>
/// <param name="Secrets">The values of the configured secrets among them, hashed: another value is another
/// connection.</param>
internal readonly record struct ConnectionKey(string Type, object Settings, string Secrets)
{
    // The settings' own text could show a password.
    public override string ToString() => Type;
}
