using Ductape.MassTransit.Conformance;
using Xunit.Sdk;

namespace Ductape.MassTransit.Tests;

/// <summary>What the memory tests judge by.</summary>
public class MemorySlopeTests
{
    [Fact]
    public void Single_jumps_and_what_comes_and_goes_are_no_slope()
    {
        MemorySlope.AssertFlat([3_000_000, 3_001_000, 2_999_000, 9_000_000, 3_000_500, 3_001_500, 2_999_500], most: 1_000);
        MemorySlope.AssertFlat([3_000_000, 3_000_100, 3_000_200, 3_000_300, 4_000_000, 4_000_100, 4_000_200, 4_000_300, 4_000_400, 4_000_500], most: 200_000);
        // As measured: what waits, or was not collected yet, in most rounds but the first and the last.
        MemorySlope.AssertFlat([1_765_664, 2_137_696, 2_326_304, 2_672_504, 1_994_560, 3_195_888, 1_612_824], most: 150_000);
    }

    [Fact]
    public void What_is_left_behind_in_every_round_is_one_whatever_happens_beside_it()
    {
        var leak = Enumerable.Range(0, 12).Select(x => 3_000_000L + (x * 10_000) + (x % 3 * 5_000)).ToArray();

        var failure = Assert.Throws<TrueException>(() => MemorySlope.AssertFlat(leak, most: 1_000));

        Assert.Contains("Each round left 10,000 bytes behind, and 1,000 are allowed: 3,000,000, 3,015,000", failure.Message);
    }
}
