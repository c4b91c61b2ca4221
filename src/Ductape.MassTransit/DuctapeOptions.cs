using System.Text.Json;
using Ductape.MassTransit.Configuration.Binding;
using Ductape.MassTransit.Json;

namespace Ductape.MassTransit;

/// <summary>
/// The <c>Ductape</c> section of the configuration. Everything is validated at start-up, all problems at once, and then
/// frozen into an immutable catalog (<see cref="IBrokerCatalog"/>). When the configuration is reloaded while the
/// process runs, a valid one takes its place; an invalid one is logged and changes nothing.
/// </summary>
public sealed class DuctapeOptions
{
    /// <summary>The default section, <c>Ductape</c>.</summary>
    public const string SectionName = "Ductape";

    /// <summary>The product that a call means when it names none. A reload does not change it. Default: none.</summary>
    public string? Product { get; set; }

    /// <summary>
    /// The environment that a call means when it names none, and the one that is checked strictly at start-up. A reload
    /// does not change it. Default: none.
    /// </summary>
    public string? Env { get; set; }

    /// <summary>
    /// How long a publish may take: waiting for the connection and for the broker's confirmation, together.
    /// <value>Default: 30 seconds.</value>
    /// </summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What a publish does while its broker is out of reach: wait up to <see cref="PublishTimeout"/>, or fail at once.
    /// The application's own bus (<c>HOST</c>) always waits.
    /// <value>Default: wait.</value>
    /// </summary>
    public WhenUnavailable WhenUnavailable { get; set; }

    /// <summary>
    /// How many publishes of a connection may wait while its broker takes nothing, those included that have timed out
    /// but are still with the broker's client. What more comes fails at once with
    /// <see cref="DuctapeErrorCodes.PublishFailed"/>, so the memory of a process that goes on publishing stays bounded.
    /// While the broker takes messages there is no limit.
    /// <value>Default: 10,000.</value>
    /// </summary>
    public int MaxWaitingPublishes { get; set; } = 10_000;

    /// <summary>
    /// How long <c>SubscribeAsync</c> waits for the broker before it returns a subscription that begins later.
    /// <value>Default: 30 seconds.</value>
    /// </summary>
    public TimeSpan SubscribeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a <see cref="PublishInput.IdempotencyKey"/> is remembered, at most 365 days.
    /// <value>Default: 24 hours.</value>
    /// </summary>
    public TimeSpan IdempotencyWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether MassTransit may report anonymous usage data to its makers, for the application's own
    /// <c>AddMassTransit</c> too. A reload does not change it.
    /// <value>Default: false. MassTransit's own default is true.</value>
    /// </summary>
    public bool UsageTelemetry { get; set; }

    /// <summary>
    /// The brokers that every product shares, by tag. A product that has a broker of its own under the same tag uses
    /// that one alone. A product that uses only these needs no section under <see cref="Products"/>. Default: none.
    /// </summary>
    public Dictionary<string, BrokerOptions> Brokers { get; set; } = [];

    /// <summary>The products, by tag.</summary>
    public Dictionary<string, ProductOptions> Products { get; set; } = [];

    /// <summary>
    /// The values of <c>$Secret{KEY}</c> references, by key. Meant for the user secrets of a developer's machine;
    /// elsewhere use environment variables or an <see cref="ISecretResolver"/>. A reload that changes a value that a
    /// connection refers to makes that connection anew; other sources of secrets cannot be watched. Default: none.
    /// </summary>
    public Dictionary<string, string> Secrets { get; set; } = [];

    /// <summary>
    /// How message objects become JSON and back; does not concern messages given as JSON. Not read from configuration.
    /// <value>Default: <see cref="JsonSerializerDefaults.Web"/> (camelCase, case-insensitive), letters of every
    /// alphabet unescaped.</value>
    /// </summary>
    [NotFromConfiguration]
    public JsonSerializerOptions SerializerOptions { get; set; } = PayloadJson.DefaultOptions;

    /// <summary>The application's connection strings, by name. Not only those that are used here.</summary>
    internal Dictionary<string, string> ConnectionStrings { get; } = new(Tags.Comparer);

    /// <summary>The lists that are put together from several sources, in words.</summary>
    internal List<string> MergedLists { get; } = [];

    /// <summary>What was wrong with the configuration sections that these options were bound from.</summary>
    internal List<ConfigurationProblem> BindingProblems { get; } = [];

    /// <summary>The configuration path that these options were bound from, for messages.</summary>
    internal string Path { get; set; } = SectionName;

    /// <summary>Whether a reload named another product or environment, which was not taken over.</summary>
    internal bool DefaultsDiffer { get; set; }
}
