using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ductape.MassTransit.CallWorker;

/// <summary>Who called the members of <see cref="WovenAssemblies"/>.</summary>
internal sealed class Callers
{
    private readonly ConcurrentDictionary<string, bool> _called = new();

    public IEnumerable<string> CalledByMassTransit => _called.Keys;

    /// <summary>A member is called, and calls this first.</summary>
    public void Hear(string member)
    {
        // Neither this nor the member itself.
        if (!_called.ContainsKey(member) && IsMassTransit(new StackTrace(2, fNeedFileInfo: false)))
            _called[member] = true;
    }

    // The framework calls for others: a task goes on with what waits for it, a list asks its elements.
    private static bool IsMassTransit(StackTrace stack) => stack.GetFrames()
        .Select(x => x.GetMethod()?.DeclaringType?.Assembly.GetName().Name)
        .FirstOrDefault(x => x is not null && !IsFramework(x))?.StartsWith("MassTransit", StringComparison.Ordinal) == true;

    private static bool IsFramework(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal) || assembly.StartsWith("Microsoft.", StringComparison.Ordinal);
}
