using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Tests;

/// <summary>What the validation at start-up says of a configuration.</summary>
public static class StartUp
{
    public static IReadOnlyList<string> Problems(string json, Action<IDuctapeMessageBrokerBuilder>? more = null)
    {
        var services = TestServices.With(json);
        var builder = services.AddDuctapeMessageBroker();
        more?.Invoke(builder);
        return Problems(services);
    }

    public static IReadOnlyList<string> Problems(IServiceCollection services)
    {
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
