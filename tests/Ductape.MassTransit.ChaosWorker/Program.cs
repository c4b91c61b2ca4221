using System.Globalization;
using Ductape.MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A consumer in a process of its own: URL BROKER CALLBACK_MILLISECONDS SHUTDOWN_SECONDS. Prints "ready", and for every
// message "begin N" and "end N", N being the payload, a number.
var (url, broker) = (args[0], args[1]);
var callback = TimeSpan.FromMilliseconds(int.Parse(args[2], CultureInfo.InvariantCulture));
var shutdown = TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture));

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Ductape:Product"] = "shop",
    ["Ductape:Env"] = "test",
    [$"Ductape:Products:shop:Brokers:{broker}:Envs:test:Type"] = BrokerTypes.RabbitMq,
    [$"Ductape:Products:shop:Brokers:{broker}:Envs:test:Config:Url"] = url,
    [$"Ductape:Products:shop:Brokers:{broker}:Topics:created:Description"] = "numbers",
});
builder.Services.Configure<HostOptions>(x => x.ShutdownTimeout = shutdown);
builder.Services.AddDuctapeMessageBroker().AddRabbitMq();
using var host = builder.Build();
await host.StartAsync();

await host.Services.GetRequiredService<IMessageBroker>().SubscribeAsync<int>($"{broker}:created", async (number, _) =>
{
    Console.WriteLine($"begin {number}");
    await Task.Delay(callback);
    Console.WriteLine($"end {number}");
});
Console.WriteLine("ready");
await host.WaitForShutdownAsync();
