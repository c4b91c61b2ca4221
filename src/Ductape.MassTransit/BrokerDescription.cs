namespace Ductape.MassTransit;

/// <summary>A broker as it is configured, without its settings.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Name">Its name for people, or null.</param>
/// <param name="Description">What it is for, or null.</param>
/// <param name="Envs">The environments that it has, in the order of their tags.</param>
public sealed record BrokerDescription(string Tag, string? Name, string? Description, IReadOnlyList<BrokerEnvDescription> Envs);

/// <summary>One environment of a broker.</summary>
/// <param name="Slug">The environment's tag, Ductape's <c>slug</c>.</param>
/// <param name="Type">The broker type, a constant of <see cref="BrokerTypes"/>.</param>
public sealed record BrokerEnvDescription(string Slug, string Type);
