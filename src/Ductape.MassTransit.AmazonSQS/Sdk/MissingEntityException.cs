namespace Ductape.MassTransit;

/// <summary>A topic or queue is missing that may not be created.</summary>
internal sealed class MissingEntityException(string entity)
    : Exception($"{entity} does not exist, and nothing may be created: create it, or set Provision to create.");
