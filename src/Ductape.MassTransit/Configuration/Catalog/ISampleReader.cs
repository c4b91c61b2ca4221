using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Ductape.MassTransit.Configuration.Catalog;

/// <summary>Makes a check of a topic's sample.</summary>
internal interface ISampleReader
{
    /// <exception cref="ArgumentException">An object has a property twice.</exception>
    IMessageSchema Read(JsonNode? sample);

    /// <summary>
    /// The same of a sample whose types a configuration has lost: what may have been no text stands for anything.
    /// </summary>
    IMessageSchema Read(IConfigurationSection sample);
}
