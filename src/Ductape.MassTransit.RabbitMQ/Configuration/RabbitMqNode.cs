using System.Globalization;
using System.Text.RegularExpressions;

namespace Ductape.MassTransit.RabbitMQ.Configuration;

/// <summary>
/// A server of a cluster: a name, an IPv4 address or an IPv6 address in brackets, with or without a port.
/// </summary>
internal sealed partial record RabbitMqNode(string Host, ushort? Port)
{
    public static RabbitMqNode? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        if (!match.Groups["port"].Success)
            return new RabbitMqNode(match.Groups["host"].Value, null);
        return ushort.TryParse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new RabbitMqNode(match.Groups["host"].Value, port)
            : null;
    }

    public override string ToString() => Port is null ? Host : $"{Host}:{Port}";

    [GeneratedRegex(@"^(?<host>[\w.-]+|\[[0-9a-fA-F:.%]+\])(:(?<port>\d{1,5}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
