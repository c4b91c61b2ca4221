namespace Ductape.MassTransit;

/// <summary>
/// Finds the values of <c>$Secret{KEY}</c> references that neither <c>Ductape:Secrets</c> nor the environment variables
/// have, for example in a vault. Register any number as singletons; they are asked in the order of their registration.
/// Must be thread-safe.
/// </summary>
public interface ISecretResolver
{
    /// <summary>The value of a secret, or null where this resolver does not know it.</summary>
    /// <param name="key">The key between the braces.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<string?> ResolveAsync(string key, CancellationToken cancellationToken);
}
