using System.Diagnostics;
using System.Runtime.InteropServices;
using Ductape.MassTransit.Benchmarks;

if (args is [ManyTopics.Worker, ..])
{
    await ManyTopics.RunWorkerAsync(args[1..]);
    return 0;
}

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

var clock = Stopwatch.StartNew();
PrivateRabbitMq? rabbit = null;
// Ctrl+C has to end the node as well.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndNode);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndNode);
try
{
    if (arguments.NeedsRabbitMq)
        rabbit = await PrivateRabbitMq.StartAsync();

    var rows = new List<Row>();
    var tables = new List<Table>();
    // Before the others have filled the memory, which it collects again and again.
    var micro = arguments.Wants("micro") ? Micro.Run(arguments.Quick) : null;
    if (arguments.Wants("memory"))
    {
        var load = Load.InMemory(arguments.Quick);
        foreach (var retries in new[] { false, true })
        {
            await using var plain = await PlainMassTransit.StartInMemoryAsync(retries);
            await using var ductape = await DuctapeContender.StartInMemoryAsync(retries);
            rows.AddRange(await Comparison.RunAsync(retries ? "in memory, with retries" : "in memory", plain, ductape, load, !retries));
        }
    }

    if (arguments.Wants("rabbitmq"))
    {
        var load = Load.RabbitMq(arguments.Quick);
        foreach (var retries in new[] { false, true })
        {
            await using var plain = await PlainMassTransit.StartRabbitMqAsync(rabbit!, retries);
            await using var ductape = await DuctapeContender.StartRabbitMqAsync(rabbit!, retries);
            rows.AddRange(await Comparison.RunAsync(retries ? "RabbitMQ, with retries" : "RabbitMQ", plain, ductape, load, !retries));
            if (!retries)
                rows.AddRange(await WireSize.RunAsync(rabbit!, plain, ductape));
        }
    }

    if (arguments.Wants("contest"))
    {
        await using var plain = await PlainMassTransit.StartRabbitMqAsync(rabbit!, false);
        await using var defaults = await PlainMassTransit.StartRabbitMqAsync(rabbit!);
        await using var wolverine = await WolverineContender.StartAsync(rabbit!);
        await using var ductape = await DuctapeContender.StartRabbitMqAsync(rabbit!, false);
        await using var ductapeDefaults = await DuctapeContender.StartRabbitMqAsync(rabbit!);
        await using var padded = await RawRabbitMq.StartAsync(rabbit!, padded: true);
        await using var raw = await RawRabbitMq.StartAsync(rabbit!, padded: false);
        tables.Add(await Contest.RunAsync([plain, defaults, wolverine, ductape, ductapeDefaults, padded, raw], Load.RabbitMq(arguments.Quick)));
    }

    if (arguments.Wants("many"))
        tables.Add(await PublishManyCost.RunAsync(rabbit!, arguments.Quick));
    if (arguments.Wants("sessions"))
        rows.AddRange(await SessionCost.RunAsync(arguments.Quick));
    if (arguments.Wants("subscriptions"))
        rows.AddRange(await SubscriptionChurn.RunAsync(arguments.Quick));
    if (arguments.Wants("growth"))
    {
        tables.Add(await Growth.OfPayloadsAsync(rabbit!, arguments.Quick));
        tables.Add(await Growth.OfCallbacksAsync(rabbit!, arguments.Quick));
    }

    if (arguments.Wants("topics"))
        tables.Add(await ManyTopics.RunAsync(rabbit!, new[] { 1, 100, 1_000 }.Where(x => x <= arguments.Topics), arguments.Quick));

    if (arguments.Only == "grid")
        tables.Add(await Grid.RunAsync(rabbit!, arguments.Quick));

    if (micro is not null)
        tables.Add(micro);
    ResultTable.Print(rows, tables);
    Progress.Say($"took {clock.Elapsed:mm\\:ss}");
    return 0;
}
catch (Exception exception)
{
    Console.Error.WriteLine(exception is InvalidOperationException ? exception.Message : exception.ToString());
    return 1;
}
finally
{
    if (rabbit is not null)
        await rabbit.DisposeAsync();
}

void EndNode(PosixSignalContext context) => rabbit?.DisposeAsync().AsTask().GetAwaiter().GetResult();
