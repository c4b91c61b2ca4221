using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ductape.MassTransit.Conformance;

/// <summary>Polls a condition until it holds, and fails with the condition's own text when the deadline passes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        TrueAsync(() => Task.FromResult(condition()), within, text);

    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var deadline = within ?? TimeSpan.FromSeconds(20);
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (watch.Elapsed > deadline)
                Assert.Fail($"Not within {deadline}: {text}");
            await timer.WaitForNextTickAsync();
        }
    }
}
