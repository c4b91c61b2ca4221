namespace Ordering;

/// <summary>The command line: <c>[--env ENV] [--file FILE] [--cache | --session | --lint]</c>.</summary>
internal sealed record Arguments(string? Env, string File)
{
    private const string Usage = "usage: Ordering [--env dev|stg|prd|prd-eu] [--file FILE] [--cache | --session | --lint]";

    /// <summary>Show what a cache does instead.</summary>
    public bool Cache { get; init; }

    /// <summary>Show what a session does instead.</summary>
    public bool Session { get; init; }

    /// <summary>Check every environment instead.</summary>
    public bool Lint { get; init; }

    /// <summary>What is wrong with the command line, or null.</summary>
    public static string? Parse(string[] args, out Arguments arguments)
    {
        arguments = new Arguments(null, Path.Combine(AppContext.BaseDirectory, "order.json"));
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is "--cache" or "--session" or "--lint")
            {
                arguments = args[i] switch
                {
                    "--cache" => arguments with { Cache = true },
                    "--session" => arguments with { Session = true },
                    _ => arguments with { Lint = true },
                };
                i--;
                continue;
            }

            if (i + 1 == args.Length)
                return $"{args[i]} needs a value; {Usage}";

            switch (args[i])
            {
                case "--env":
                    arguments = arguments with { Env = args[i + 1] };
                    break;
                case "--file":
                    arguments = arguments with { File = Path.GetFullPath(args[i + 1]) };
                    break;
                default:
                    return $"'{args[i]}' is not known; {Usage}";
            }
        }

        return System.IO.File.Exists(arguments.File) ? null : $"there is no file '{arguments.File}'; {Usage}";
    }
}
