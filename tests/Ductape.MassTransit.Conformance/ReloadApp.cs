using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Ductape.MassTransit.Conformance;

/// <summary>An application whose <c>appsettings.json</c>, a real file, is changed while it runs.</summary>
public sealed class ReloadApp : IAsyncDisposable
{
    public const string Check = "ductape: configuration";

    private readonly string _folder = Directory.CreateTempSubdirectory("ductape-reload-").FullName;
    private readonly IHost? _host;
    private readonly ServiceProvider? _provider;

    /// <param name="configuration">What the file holds at first.</param>
    /// <param name="add">Adds to the broker's registration.</param>
    /// <param name="configure">Adds to the services.</param>
    /// <param name="watched">Whether the file is watched; else <see cref="Reload"/> is what reads it again.</param>
    /// <param name="hosted">Whether there is a host.</param>
    public ReloadApp(JsonObject configuration, Action<IDuctapeMessageBrokerBuilder>? add = null, Action<IServiceCollection>? configure = null,
        bool watched = false, bool hosted = false)
    {
        Json = configuration;
        Write();
        Configuration = new ConfigurationBuilder().AddJsonFile(File, optional: false, reloadOnChange: watched).Build();
        if (hosted)
        {
            var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Configuration.AddConfiguration(Configuration);
            AddTo(builder.Services);
            _host = builder.Build();
            return;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configuration);
        AddTo(services);
        _provider = services.BuildServiceProvider(validateScopes: true);

        void AddTo(IServiceCollection services)
        {
            services.AddHealthChecks();
            var broker = services.AddDuctapeMessageBroker();
            add?.Invoke(broker);
            configure?.Invoke(services);
        }
    }

    public IConfigurationRoot Configuration { get; }

    public string File => Path.Combine(_folder, "appsettings.json");

    public JsonObject Json { get; private set; }

    /// <summary>The Ductape section of the file.</summary>
    public JsonNode Section => Json["Ductape"]!;

    public IServiceProvider Services => _host?.Services ?? _provider!;

    public IHost Host => _host!;

    public IMessageBroker Broker => Services.GetRequiredService<IMessageBroker>();

    public IBrokerCatalog Catalog => Services.GetRequiredService<IBrokerCatalog>();

    /// <summary>Writes the file, whole, as a deployment does.</summary>
    public void Write(Action<JsonNode>? change = null)
    {
        change?.Invoke(Section);
        var next = File + ".next";
        System.IO.File.WriteAllText(next, Json.ToJsonString());
        System.IO.File.Move(next, File, overwrite: true);
    }

    /// <summary>Writes the file and has it read again now, without waiting for a watcher.</summary>
    public void Reload(Action<JsonNode>? change = null)
    {
        Write(change);
        Configuration.Reload();
    }

    /// <summary>Changes the file, and waits until that is in use, connections and subscriptions included.</summary>
    public async Task ReloadedAsync(Action<JsonNode> change)
    {
        var before = await ReloadedAtAsync();
        Reload(change);
        await Eventually.TrueAsync(async () => await ReloadedAtAsync() > before, TimeSpan.FromSeconds(60), "the configuration is reloaded");
        await Eventually.TrueAsync(
            async () => !(await HealthAsync()).Description!.Contains("is being connected", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), "what is new is in use");
    }

    /// <summary>What the check of the configuration says.</summary>
    public async Task<HealthReportEntry> HealthAsync() => (await ReportAsync()).Entries[Check];

    public Task<HealthReport> ReportAsync() => Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        (Configuration as IDisposable)?.Dispose();
        Directory.Delete(_folder, true);
    }

    private async Task<DateTimeOffset> ReloadedAtAsync() =>
        (await HealthAsync()).Data.TryGetValue("reloaded", out var at) ? (DateTimeOffset)at : DateTimeOffset.MinValue;
}
