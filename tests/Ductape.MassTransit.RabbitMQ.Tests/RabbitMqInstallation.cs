namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Debian's RabbitMQ without its plugins, which no test needs. Erlang looks for each of a thousand modules in the
/// folder of every plugin, which is most of what a start costs; here they are in two folders.
/// </summary>
internal static class RabbitMqInstallation
{
    private const string Root = "/usr/lib/rabbitmq/lib";

    private static readonly Lazy<string> Scripts = new(Create);

    /// <summary>The script that starts a node.</summary>
    public static string Server => Path.Combine(Scripts.Value, "rabbitmq-server");

    /// <summary>The script that steers one.</summary>
    public static string Control => Path.Combine(Scripts.Value, "rabbitmqctl");

    private static string Create()
    {
        var home = (Directory.Exists(Root) ? Directory.GetDirectories(Root, "rabbitmq_server-*") : []).Order(StringComparer.Ordinal).LastOrDefault()
            ?? throw new InvalidOperationException(
                $"These tests need a RabbitMQ server and there is none in {Root}. Run tests/run.sh, which installs it, or: apt-get install rabbitmq-server");
        var slim = Directory.CreateTempSubdirectory("ductape-rabbitmq-home-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => slim.Delete(recursive: true);

        var scripts = slim.CreateSubdirectory("sbin");
        foreach (var script in Directory.GetFiles(Path.Combine(home, "sbin")))
            File.Copy(script, Path.Combine(scripts.FullName, Path.GetFileName(script)));
        Directory.CreateSymbolicLink(Path.Combine(slim.FullName, "escript"), Path.Combine(home, "escript"));
        var libraries = slim.CreateSubdirectory("plugins");
        var others = libraries.CreateSubdirectory("libraries-1/ebin");
        foreach (var library in Directory.GetDirectories(Path.Combine(home, "plugins")))
        {
            var name = Path.GetFileName(library);
            // The server itself asks for files beside its modules.
            if (name.StartsWith("rabbit-", StringComparison.Ordinal))
                Directory.CreateSymbolicLink(Path.Combine(libraries.FullName, name), library);
            else if (!name.StartsWith("rabbitmq_", StringComparison.Ordinal) || name.StartsWith("rabbitmq_prelaunch-", StringComparison.Ordinal))
                Link(Path.Combine(library, "ebin"), others.FullName);
        }

        return scripts.FullName;
    }

    private static void Link(string folder, string target)
    {
        foreach (var file in Directory.GetFiles(folder))
            File.CreateSymbolicLink(Path.Combine(target, Path.GetFileName(file)), file);
    }
}
