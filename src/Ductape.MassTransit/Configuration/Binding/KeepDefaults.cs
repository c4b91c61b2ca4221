using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Binding;

/// <summary>
/// Keeps <c>Product</c> and <c>Env</c> as they were at the start, whatever a reload says: a process does not change its
/// environment while it runs, and half of its subscriptions would stay behind. The serializer's options come from code,
/// and know the types that they have met.
/// </summary>
internal sealed class KeepDefaults : IPostConfigureOptions<DuctapeOptions>
{
    private readonly Lock _lock = new();
    private (string? Product, string? Env, JsonSerializerOptions Serializer)? _first;

    public void PostConfigure(string? name, DuctapeOptions options)
    {
        if (!string.IsNullOrEmpty(name))
            return;

        lock (_lock)
        {
            var (product, env, serializer) = _first ??= (options.Product, options.Env, options.SerializerOptions);
            options.DefaultsDiffer = !Tags.Same(product, options.Product) || !Tags.Same(env, options.Env);
            (options.Product, options.Env, options.SerializerOptions) = (product, env, serializer);
        }
    }
}
