using System.Diagnostics;
using System.Globalization;

namespace Ductape.MassTransit.RabbitMQ.Tests;

/// <summary>
/// Asks a running node in Erlang's own way. rabbitmqctl takes more than a second of CPU for each question, this takes
/// hundredths.
/// </summary>
/// <param name="node">The node's name.</param>
/// <param name="cookie">Its cookie.</param>
/// <param name="epmdPort">Where its port mapper is.</param>
internal sealed class ErlangCall(string node, string cookie, int epmdPort)
{
    // The last line of an evaluation that did not fail.
    private const string End = "-- end --";

    private static readonly Lazy<string> Program = new(() =>
        Directory.GetDirectories("/usr/lib/erlang", "erts-*").Select(x => Path.Combine(x, "bin", "erl_call")).First(File.Exists));

    // What rabbitmqctl prints, for the columns whose values are a name, a text, a number or an atom.
    private static readonly Dictionary<string, (string Call, string[] Columns)> Lists = new()
    {
        ["list_queues"] = ("rabbit_amqqueue:info_all({0}, {1})",
            ["name", "messages", "messages_ready", "messages_unacknowledged", "consumers", "durable", "auto_delete", "type", "leader"]),
        ["list_exchanges"] = ("rabbit_exchange:info_all({0}, {1})", ["name", "type", "durable"]),
        ["list_bindings"] = ("rabbit_binding:info_all({0}, {1})", ["source_name", "destination_name"]),
        ["list_consumers"] = ("rabbit_amqqueue:consumers_all({0})", ["queue_name", "prefetch_count"]),
        ["list_connections"] = ("rabbit_networking:connection_info_all({1})", ["pid", "user", "ssl"]),
        ["list_channels"] = ("rabbit_channel:info_all({1})", ["pid"]),
    };

    /// <summary>What rabbitmqctl would answer, or null where it has to be asked.</summary>
    public async Task<string?> TryAnswerAsync(string[] arguments)
    {
        if (arguments is ["eval", var expression])
            return await EvaluateAsync($"io:format(\"~p~n\", [begin {expression.TrimEnd('.')} end])");
        var (host, columns) = arguments is [_, "-p", var named, .. var rest] ? (named, rest) : ("/", arguments[1..]);
        if (!Lists.TryGetValue(arguments[0], out var list) || columns.Length == 0 || columns.Except(list.Columns).Any())
            return null;

        var rows = string.Format(CultureInfo.InvariantCulture, list.Call, $"<<\"{host}\">>", $"[{string.Join(", ", columns)}]");
        return await EvaluateAsync(
            $$"""
            Text = fun({resource, _, _, N}) -> N; (B) when is_binary(B) -> B; (P) when is_pid(P) -> rabbit_misc:pid_to_string(P); (O) -> io_lib:format("~w", [O]) end,
            [io:format("~ts~n", [lists:join("\t", [Text(proplists:get_value(C, R, '')) || C <- [{{string.Join(", ", columns)}}]])]) || R <- {{rows}}]
            """);
    }

    private async Task<string> EvaluateAsync(string expression)
    {
        var start = new ProcessStartInfo(Program.Value, ["-c", cookie, "-sname", node, "-h", $"asks{Guid.NewGuid():N}", "-fetch_stdout", "-no_result_term", "-e"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ERL_EPMD_PORT"] = $"{epmdPort}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        // It reads nothing of a last line without an end.
        await process.StandardInput.WriteAsync($"{expression}, io:format(\"{End}~n\").\n");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        // It says nothing of an evaluation that fails.
        return process.ExitCode == 0 && (await output).EndsWith($"{End}\n", StringComparison.Ordinal)
            ? (await output)[..^(End.Length + 1)]
            : throw new InvalidOperationException($"{node} did not evaluate {expression}: {await errors}{await output}");
    }
}
