using Ductape.MassTransit.CallWorker;

// A flow through the public API, FLOW [URL], on a copy of the library whose members tell when they are called. Prints
// each member that MassTransit called, as "ASSEMBLY TOKEN", and "done" when nothing failed.
var callers = new Callers();
AppContext.SetData(WovenAssemblies.Heard, (Action<string>)callers.Hear);
var flows = new WovenAssemblies().LoadFromAssemblyName(typeof(Callers).Assembly.GetName()).GetType(typeof(Flows).FullName!)!;
var running = (Task)flows.GetMethod(nameof(Flows.RunAsync))!.Invoke(null, [args])!;
await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
foreach (var member in callers.CalledByMassTransit)
    Console.WriteLine(member);
await running;
Console.WriteLine("done");
