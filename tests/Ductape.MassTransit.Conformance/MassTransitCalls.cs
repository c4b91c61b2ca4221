using System.Reflection;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// The members of an assembly that are MassTransit's, and those of them that MassTransit called when a
/// <see cref="CallWorker"/> went through a flow. A file lists them: those that are called, and those that are not after
/// a line that begins with <c>never:</c> and says why. A transport's may list members of the core too.
/// </summary>
/// <param name="assembly">The assembly.</param>
/// <param name="file">The path of the list.</param>
/// <param name="flow">What the worker is told.</param>
public abstract class MassTransitCalls(Assembly assembly, string file, Func<string[]> flow) : IAsyncLifetime
{
    private const string Never = "never:";

    private readonly IReadOnlyDictionary<string, int> _own = MassTransitMembers.Of(assembly);
    private readonly IReadOnlyDictionary<string, int> _core = MassTransitMembers.Of(typeof(IMessageBroker).Assembly);
    private readonly IReadOnlyDictionary<string, string?> _lines = Read(file);
    private IReadOnlySet<(string Assembly, int Token)> _calls = new HashSet<(string, int)>();
    private string? _failure;

    /// <summary>The members that a list has.</summary>
    public static TheoryData<string> Listed(string file) => [.. Read(file).Keys];

    public async ValueTask InitializeAsync() => (_calls, _failure) = await CallWorker.RunAsync(flow());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Fails where what the list says of a member is not so.</summary>
    public void Check(string member)
    {
        Assert.True(_own.ContainsKey(member) || _core.ContainsKey(member),
            $"{member} is gone, or overrides and implements nothing of MassTransit's any more: what it is for does not happen.");
        if (_lines[member] is { } reason)
            Assert.False(IsCalled(member), $"MassTransit calls {member}, and the list says that it never does: {reason}");
        else
            Assert.True(IsCalled(member), $"MassTransit does not call {member} any more: what it is for does not happen.");
    }

    /// <summary>Fails where the worker did not come to the end of its flow.</summary>
    public void CheckFinished() => Assert.True(_failure is null, _failure);

    /// <summary>Fails where the list lacks a member.</summary>
    public void CheckAllListed()
    {
        var lacking = _own.Keys.Where(x => !_lines.ContainsKey(x)).Select(x => IsCalled(x) ? x : $"{x} (not called)").Order(StringComparer.Ordinal).ToArray();

        Assert.True(lacking.Length == 0, $"{file} lacks\n{string.Join('\n', lacking)}");
    }

    private bool IsCalled(string member) => IsCalled(assembly, _own, member) || IsCalled(typeof(IMessageBroker).Assembly, _core, member);

    private bool IsCalled(Assembly of, IReadOnlyDictionary<string, int> members, string member) =>
        members.TryGetValue(member, out var token) && _calls.Contains((of.GetName().Name!, token));

    // The reason why a member is never called, or null.
    private static Dictionary<string, string?> Read(string file)
    {
        var (lines, reason) = (new Dictionary<string, string?>(StringComparer.Ordinal), (string?)null);
        foreach (var line in File.ReadLines(file).Where(x => x.Length > 0 && !x.StartsWith('#')))
        {
            if (line.StartsWith(Never, StringComparison.Ordinal))
                reason = line[Never.Length..].Trim();
            else
                lines.Add(line, reason);
        }

        return lines;
    }
}
