using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>What is easy to read: short files of code, and lines of prose that need no scrolling.</summary>
public sealed partial class LineTests
{
    private const int LongestLine = 120;
    private const int LongestFile = 250;

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    [Fact]
    public void No_file_of_the_source_is_longer_than_250_lines()
    {
        var files = Files("src", ".cs").ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, x => Assert.True(File.ReadLines(x).Count() <= LongestFile, $"{Name(x)} is longer."));
    }

    [Fact]
    public void Comments_wrap()
    {
        var lines = new[] { "src", "tests", "examples" }.SelectMany(x => Files(x, ".cs")).SelectMany(Lines).Where(x => Comment().IsMatch(x.Text)).ToArray();

        Assert.NotEmpty(lines);
        Assert.Empty(TooLong(lines));
    }

    [Fact]
    public void The_documentation_wraps_but_for_tables_and_blocks_of_code()
    {
        var lines = Files("docs", ".md").Append(Path.Combine(Root, "README.md")).SelectMany(Prose).ToArray();

        Assert.NotEmpty(lines);
        Assert.Empty(TooLong(lines));
    }

    /// <summary>
    /// The lines that could be shorter: with more than one word, the reference to a method being one.
    /// </summary>
    private static IEnumerable<string> TooLong(IEnumerable<(string Where, string Text)> lines) =>
        lines.Where(x => x.Text.Length > LongestLine && Reference().Replace(x.Text.Trim(), "").Split(' ').Length > 3).Select(x => $"{x.Where} has {x.Text.Length} columns");

    private static IEnumerable<(string Where, string Text)> Prose(string file)
    {
        var inBlock = false;
        foreach (var line in Lines(file))
        {
            var isFence = line.Text.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inBlock ^= isFence;
            if (!inBlock && !isFence && !line.Text.TrimStart().StartsWith('|'))
                yield return line;
        }
    }

    private static IEnumerable<(string Where, string Text)> Lines(string file) =>
        File.ReadLines(file).Select((text, index) => ($"{Name(file)}:{index + 1}", text));

    private static IEnumerable<string> Files(string folder, string extension) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), $"*{extension}", SearchOption.AllDirectories)
            .Where(x => !Name(x).Split('/').Any(part => part is "bin" or "obj"));

    private static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""(?<=\bcref=")[^"]*""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();
}
