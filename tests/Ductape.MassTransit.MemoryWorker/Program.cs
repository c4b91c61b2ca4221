using System.Globalization;
using System.Text.Json.Nodes;
using Ductape.MassTransit.MemoryWorker;

// One thing over and over, in a process that does nothing else: SCENARIO ENV [NUMBERS], ENV being a broker environment
// in JSON. Prints the bytes that live after each round, one number a line, and "done" in the end; "outages" takes
// commands instead.
var env = JsonNode.Parse(args[1])!.AsObject();
int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);
await (args[0] switch
{
    "subscriptions" => Subscriptions.RunAsync(env, rounds: Number(2), cycles: Number(3)),
    "reloads" => Reloads.RunAsync(env, rounds: Number(2), reloads: Number(3)),
    "waiting" => WaitingPublishes.RunAsync(env, rounds: Number(2), publishes: Number(3)),
    "dead-letters" => DeadLetterScan.RunAsync(env, broker: args[2], every: Number(3)),
    "outages" => Outages.RunAsync(env),
    _ => throw new ArgumentException($"There is no scenario '{args[0]}'."),
});
Console.WriteLine("done");
