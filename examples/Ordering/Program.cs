using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Ordering;

if (Arguments.Parse(args, out var arguments) is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });

// The environment and the address of the staging broker, wherever this runs, win over appsettings.json.
if (arguments.Env is not null)
    builder.Configuration["Ductape:Env"] = arguments.Env;
if (Environment.GetEnvironmentVariable("RABBITMQ_URL") is { Length: > 0 } url)
    builder.Configuration["Ductape:Products:my_product:Brokers:sqsbroker:Envs:stg:Config:Url"] = url;
// Services that share sessions share SESSION_KEY. This example needs one for its own run only.
if (Environment.GetEnvironmentVariable("SESSION_KEY") is null or "")
    builder.Configuration["Ductape:Secrets:SESSION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));

builder.Services.AddDuctapeMessageBroker().AddRabbitMq().AddAmazonSqs().AddAzureServiceBus();
builder.Services.AddSingleton(arguments);
if (arguments.Cache)
    builder.Services.AddHostedService<CacheWorker>();
else if (arguments.Session)
    builder.Services.AddHostedService<SessionWorker>();
else
    builder.Services.AddHostedService<OrderingWorker>();

// What would go wrong in any environment, without connecting to one.
if (arguments.Lint)
    return await Lint.RunAsync(builder.Services);

try
{
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (OptionsValidationException exception)
{
    Console.Error.WriteLine("The configuration is not usable:");
    foreach (var failure in exception.Failures)
        Console.Error.WriteLine($"  {failure}");
    return 1;
}
