namespace Ductape.MassTransit.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record Arguments(bool Quick, string? Only, int Topics)
{
    public const string Usage = "usage: [--quick] [--only memory|rabbitmq|contest|many|sessions|subscriptions|growth|topics|micro|grid] [--topics MOST]";

    private static readonly string[] Parts = ["memory", "rabbitmq", "contest", "many", "sessions", "subscriptions", "growth", "topics", "micro", "grid"];

    public static Arguments? Parse(string[] args)
    {
        var parsed = new Arguments(false, null, 1000);
        for (var i = 0; i < args.Length; i++)
        {
            var next = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick":
                    parsed = parsed with { Quick = true };
                    break;
                case "--only" when Parts.Contains(next):
                    parsed = parsed with { Only = next };
                    i++;
                    break;
                case "--topics" when int.TryParse(next, out var count) && count > 0:
                    parsed = parsed with { Topics = count };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return parsed;
    }

    public bool Wants(string part) => Only is null || Only == part;

    public bool NeedsRabbitMq => Wants("rabbitmq") || Wants("contest") || Wants("many") || Wants("growth") || Wants("grid") || Wants("topics");
}
