using Ductape.MassTransit.Secrets;

namespace Ductape.MassTransit;

/// <summary>The settings of a transport in one environment; each transport derives its own.</summary>
public abstract class TransportSettings
{
    /// <summary>
    /// How many messages of a queue the broker may push ahead of the callbacks. Default: the transport's.
    /// </summary>
    public int? Prefetch { get; set; }

    /// <summary>
    /// How many callbacks of a subscription run at once. Deliberately apart from <see cref="Prefetch"/>: MassTransit
    /// starts one reader per unit, and each message wakes every idle one.
    /// <value>Default: 16.</value>
    /// </summary>
    public int? Concurrency { get; set; }

    /// <summary>
    /// Whether a value refers to a secret, <c>$Secret{KEY}</c>, so that what it will be is not known until it is used;
    /// or begins like such a reference, <c>$Secret{KEY</c>, which is a problem without the transport's doing.
    /// </summary>
    public static bool RefersToSecret(string? value) => SecretReferences.AreIn(value);

    /// <summary>The settings without their secrets.</summary>
    public override string ToString() => GetType().Name;
}
