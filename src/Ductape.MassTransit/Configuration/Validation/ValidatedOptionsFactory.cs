using Microsoft.Extensions.Options;

namespace Ductape.MassTransit.Configuration.Validation;

/// <summary>Puts the options together as .NET does, and refuses those with a problem.</summary>
internal sealed class ValidatedOptionsFactory(
    IEnumerable<IConfigureOptions<DuctapeOptions>> configure,
    IEnumerable<IPostConfigureOptions<DuctapeOptions>> postConfigure,
    IEnumerable<IValidateOptions<DuctapeOptions>> others,
    DuctapeOptionsValidator validator) : IOptionsFactory<DuctapeOptions>
{
    private readonly OptionsFactory<DuctapeOptions> _factory = new(configure, postConfigure);

    /// <exception cref="InvalidConfigurationException">Something is wrong with them.</exception>
    public DuctapeOptions Create(string name)
    {
        var options = CreateUnvalidated(name);
        var problems = validator.Validate(options);
        string[] told = [.. others.Select(x => x.Validate(name, options)).Where(x => x is { Failed: true }).SelectMany(x => x.Failures!)];
        return problems.Count == 0 && told.Length == 0 ? options : throw new InvalidConfigurationException(problems, told);
    }

    public DuctapeOptions CreateUnvalidated(string name) => _factory.Create(name);
}
