using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MassTransit;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

/// <summary>Messages of instances that were not upgraded yet. Their proof knows neither token nor time.</summary>
public class UnversionedProofTests
{
    private const string ProofHeader = "ductape-session-proof";
    private static readonly object Proved = new { SigningKey, Selector = "$Session{userId}" };
    private static readonly object Forwarded = new { SigningKey, Selector = "$Session{userId}", Forward = "Token" };

    [Fact]
    public async Task It_is_accepted()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[ProofHeader] = ProofOf(original));

        await Conformance.Eventually.TrueAsync(() => app.Received.Count == 2);
        Assert.All(app.Received, x => Assert.Equal((true, "user_1"), (x.IsVerified, x.User)));
    }

    [Fact]
    public async Task It_is_accepted_for_the_same_message_only()
    {
        await using var app = new HarnessApp(Proved);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[ProofHeader] = ProofOf(original), "\"forged\"");

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task It_never_carries_a_token()
    {
        await using var app = new HarnessApp(Forwarded);
        var original = await app.PublishAsync();

        await app.ReplayAsync(original, x => x[ProofHeader] = ProofOf(original));

        Assert.Contains("whose proof does not fit", await app.RefusalAsync());
    }

    [Fact]
    public async Task Its_expiry_is_judged_by_our_own_clock_where_the_topic_says_so()
    {
        await using var app = new HarnessApp(Proved, ($"{Topic}:VerifyExpiryOnReceive", "true"));
        var original = await app.PublishAsync();

        app.Time.Advance(TimeSpan.FromDays(1));
        await app.ReplayAsync(original, x => x[ProofHeader] = ProofOf(original));

        Assert.Contains("expired at", await app.RefusalAsync());
    }

    // As the release before signed it.
    private static string ProofOf(ConsumeContext message)
    {
        var text = new MemoryStream();
        text.WriteByte(1);
        text.Write(message.MessageId!.Value.ToByteArray());
        text.Write(SHA256.HashData("\"original\""u8));
        foreach (var field in new[] { OrdersConfiguration.Event, "dev", "web", Header("id"), Header("user"), Header("expires") })
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            text.Write(length);
            text.Write(bytes);
        }

        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(SigningKey), 32, [], "ductape-session-proof"u8.ToArray());
        return Base64Url.EncodeToString(HMACSHA256.HashData(key, text.ToArray()));

        string Header(string name) => Convert.ToString(message.Headers.Get<object>($"ductape-session-{name}"), CultureInfo.InvariantCulture)!;
    }
}
