using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>What the packages depend on.</summary>
public sealed class PackageTests
{
    private const string Version = "9.8.7";
    private static readonly string Sources = Path.Combine(Path.GetDirectoryName(Here())!, "../../../src");

    /// <summary>A package that uses another's internals, and that other one.</summary>
    public static TheoryData<string, string> Friends => [.. Directory.EnumerateFiles(Sources, "*.csproj", SearchOption.AllDirectories)
        .SelectMany(file => XDocument.Load(file).Descendants("InternalsVisibleTo")
            .Select(x => ((string)x.Attribute("Include")!, Path.GetFileNameWithoutExtension(file))))
        .Where(x => Directory.Exists(Path.Combine(Sources, x.Item1)))];

    [Fact]
    public void There_is_one_that_uses_internals() =>
        Assert.Contains(("Ductape.MassTransit.Testing", "Ductape.MassTransit"), Friends.Select(x => (x.Data.Item1, x.Data.Item2)));

    [Theory]
    [MemberData(nameof(Friends))]
    public async Task A_package_that_uses_internals_of_another_asks_for_exactly_its_version(string package, string other)
    {
        var folder = Directory.CreateTempSubdirectory("ductape-pack-").FullName;
        try
        {
            await PackAsync(package, folder);
            await using var nupkg = await ZipFile.OpenReadAsync(Path.Combine(folder, $"{package}.{Version}.nupkg"));
            await using var nuspec = await Assert.Single(nupkg.Entries, x => x.FullName == $"{package}.nuspec").OpenAsync();
            var dependencies = (await XDocument.LoadAsync(nuspec, LoadOptions.None, CancellationToken.None)).Descendants()
                .Where(x => x.Name.LocalName == "dependency").ToArray();

            Assert.Equal($"[{Version}]", (string?)Assert.Single(dependencies, x => (string?)x.Attribute("id") == other).Attribute("version"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // Of what is built already, and beside it, since others may build meanwhile.
    private static async Task PackAsync(string package, string folder)
    {
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet",
        [
            "pack", Path.Combine(Sources, package), "--no-build", "--nologo", "-m:1", "-nodeReuse:false", "-c", configuration, "-o", folder,
            $"-p:Version={Version}", $"-p:NuspecOutputPath={folder}/",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (dotnet.StandardOutput.ReadToEndAsync(), dotnet.StandardError.ReadToEndAsync());
        await dotnet.WaitForExitAsync();
        Assert.True(dotnet.ExitCode == 0, $"{await output}{await errors}");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
