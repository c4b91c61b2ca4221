using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ductape.MassTransit.Conformance;

/// <summary>
/// Polls a condition until it holds, and fails with the condition's own text when the deadline passes.
/// </summary>
public static class Eventually
{
    /// <summary>
    /// How long a test waits for what must happen, <see cref="Task.WaitAsync(TimeSpan)"/> included. It is no bound on
    /// the time: a busy machine may take it all.
    /// </summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <param name="condition">What must hold in the end.</param>
    /// <param name="within">A longer deadline; a shorter one is <see cref="Deadline"/> all the same.</param>
    /// <param name="text">What the failure says.</param>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        TrueAsync(() => Task.FromResult(condition()), within, text);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, string)"/>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var deadline = within > Deadline ? within.Value : Deadline;
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
