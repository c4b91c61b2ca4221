using System.Text;

namespace Ductape.MassTransit.Tests.Topics;

public class EnvelopeTests
{
    private static readonly byte[][] Snippets =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ":", ",", "\\", "null", "true", "0", "-", "1e400", "1.5", "{}", "[]", "\"\"", "\" \"", "\"\\ud800\"", "\\u0041", "/*", "*/",
            "//", "\n", "\"message\":", "\"messageId\":", "\"messageType\":", "\"headers\":", "\"sentTime\":", "\"host\":", "\"Message\":null,",
            "\"0b0200002105aa1a4c4b08df498cbf5a\"", "\"2026-11-23T18:08:16Z\"", "\"x\":1,", "é", "\u2028", "\uFEFF", "\0",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    [Fact]
    public async Task What_MassTransit_reads_we_read_alike()
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        foreach (var envelope in EnvelopeSamples.Accepted)
        {
            var (ours, plain) = await readers.ReadAsync(EnvelopeSamples.Bytes(envelope));

            Assert.Equal(plain, ours);
            Assert.Contains("payload: ", ours);
        }
    }

    [Fact]
    public async Task The_usual_envelopes_are_not_left_to_MassTransit()
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        foreach (var envelope in (string[])[EnvelopeSamples.Ours, EnvelopeSamples.SystemTextJson, EnvelopeSamples.Newtonsoft, EnvelopeSamples.Reordered])
        {
            await readers.ReadAsync(EnvelopeSamples.Bytes(envelope));

            Assert.False(readers.LeftToMassTransit, envelope);
        }

        foreach (var envelope in EnvelopeSamples.Unusual)
        {
            await readers.ReadAsync(EnvelopeSamples.Bytes(envelope));

            Assert.True(readers.LeftToMassTransit, envelope);
        }
    }

    [Fact]
    public async Task Every_part_is_read()
    {
        await using var readers = await EnvelopeReaders.StartAsync();

        var (ours, _) = await readers.ReadAsync(EnvelopeSamples.Bytes(EnvelopeSamples.Newtonsoft));

        Assert.Equal("""
            messageId: 2c230000-5d1b-0015-9a3e-08dbf0a1c2d3
            requestId: 2c230000-5d1b-0015-9a3f-08dbf0a1c2d3
            correlationId: 
            conversationId: 2c230000-5d1b-0015-9a40-08dbf0a1c2d3
            initiatorId: 2c230000-5d1b-0015-9a41-08dbf0a1c2d3
            source: loopback://localhost/shop
            destination: loopback://localhost/Orders:NewOrder
            response: loopback://localhost/shop_response
            fault: loopback://localhost/shop_faults
            expiration: 
            sent: 2023-11-29T07:15:01.0000000Z
            types: urn:message:ductape:sqsbroker:new-orders
            host: {"MachineName":"vm","ProcessName":"shop","ProcessId":7,"Assembly":null,"AssemblyVersion":null,"FrameworkVersion":null,"MassTransitVersion":null,"OperatingSystemVersion":null}
            headers: {"MT-Redelivery-Count":"Int64 2","MT-Quartz-Sent":"String \u00222023-11-29T07:15:00Z\u0022"}
            tenant: 
            attempt: 
            payload: { "orderId": "2", "$type": "Orders.NewOrder, Orders" }

            """, ours);
    }

    [Fact]
    public async Task What_MassTransit_refuses_we_refuse_alike()
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        foreach (var envelope in EnvelopeSamples.Refused)
        {
            var (ours, plain) = await readers.ReadAsync(EnvelopeSamples.Bytes(envelope));

            Assert.Equal(plain, ours);
            Assert.DoesNotContain("payload: ", ours);
        }
    }

    [Fact]
    public async Task Ids_and_addresses_that_are_none_are_told_as_none()
    {
        await using var readers = await EnvelopeReaders.StartAsync();

        foreach (var envelope in (string[])[EnvelopeSamples.OddIds, EnvelopeSamples.OddIds.Replace("messageId", "MessageId")])
        {
            var (ours, plain) = await readers.ReadAsync(EnvelopeSamples.Bytes(envelope));

            Assert.Equal(plain, ours);
            Assert.StartsWith("messageId: \n", ours);
            Assert.Contains("source: \n", ours);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Changed_envelopes_are_read_or_refused_as_MassTransit_does(int seed)
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        var random = new Random(seed);
        var samples = EnvelopeSamples.Accepted.Append(EnvelopeSamples.OddIds).Select(EnvelopeSamples.Bytes).ToArray();
        var accepted = 0;
        for (var i = 0; i < 500; i++)
        {
            var envelope = Change(samples[random.Next(samples.Length)], random);

            var (ours, plain) = await readers.ReadAsync(envelope);

            Assert.True(plain == ours, $"{Encoding.UTF8.GetString(envelope)}\n\nMassTransit: {plain}\n\nours: {ours}");
            accepted += ours.Contains("payload: ", StringComparison.Ordinal) ? 1 : 0;
        }

        // Both sides of the line are looked at.
        Assert.InRange(accepted, 50, 450);
    }

    [Fact]
    public async Task Every_beginning_of_an_envelope_is_refused_alike()
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        var envelope = EnvelopeSamples.Bytes(EnvelopeSamples.Ours);
        for (var length = 0; length < envelope.Length; length++)
        {
            var (ours, plain) = await readers.ReadAsync(envelope[..length]);

            Assert.Equal(plain, ours);
            Assert.DoesNotContain("payload: ", ours);
        }
    }

    [Fact]
    public async Task Random_bytes_are_refused_alike()
    {
        await using var readers = await EnvelopeReaders.StartAsync();
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0)
                bytes[0] = (byte)'{';

            var (ours, plain) = await readers.ReadAsync(bytes);

            Assert.Equal(plain, ours);
            Assert.DoesNotContain("payload: ", ours);
        }
    }

    private static byte[] Change(byte[] envelope, Random random)
    {
        var bytes = envelope.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Snippets[random.Next(Snippets.Length)]);
                    break;
                default:
                    MoveValue(bytes, random);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts a value of the samples where another one is, which stays JSON more often than not.</summary>
    private static void MoveValue(List<byte> bytes, Random random)
    {
        var colons = Enumerable.Range(0, bytes.Count).Where(x => bytes[x] == ':').ToArray();
        if (colons.Length == 0)
            return;

        var at = colons[random.Next(colons.Length)] + 1;
        var end = bytes.FindIndex(at, x => x is (byte)',' or (byte)'}');
        if (end > at)
            bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, Snippets[random.Next(8, 20)]);
    }
}
