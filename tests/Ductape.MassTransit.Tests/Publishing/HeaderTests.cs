using System.Text.Json;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

public class HeaderTests
{
    [Theory]
    [InlineData("ductape-trace", "ductape-")]
    [InlineData("Ductape-Event", "ductape-")]
    [InlineData("MT-Reason", "MT-")]
    [InlineData("mt-host", "MT-")]
    [InlineData(" ductape-trace", "ductape-")]
    [InlineData("\t\u00A0Ductape-trace", "ductape-")]
    [InlineData("\u0000duct\u200Bape-trace", "ductape-")]
    [InlineData("\uFF24uctape\u2010trace", "ductape-")]
    [InlineData("M\u0301T-Reason", "MT-")]
    public async Task A_reserved_name_is_refused(string name, string prefix) =>
        await AssertRefusedAsync(name, "x",
            $"'input.headers.{name}' is reserved: names that begin with '{prefix}' are set by the library. Use another name.");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_blank_name_is_refused(string name) =>
        await AssertRefusedAsync(name, "x", "'input.headers' has a header with a blank name.");

    public static TheoryData<object, string> Unsupported() => new()
    {
        { new[] { 1, 2 }, "Int32[]" },
        { "bytes"u8.ToArray(), "Byte[]" },
        { new Dictionary<string, string>(), "Dictionary`2" },
        { JsonElement.Parse("{}"), "JsonElement" },
        { JsonElement.Parse("[1]"), "JsonElement" },
        { new Version(1, 0), "Version" },
    };

    [Theory]
    [MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public async Task A_value_of_another_kind_is_refused(object value, string type) =>
        await AssertRefusedAsync("trace", value, $"'input.headers.trace' is a {type}; a header is a string, number, boolean, date, GUID or URI.");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_number_that_JSON_does_not_have_is_refused_before_anything_is_sent(object value)
    {
        await using var services = TestProvider.Build();

        var exception = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, 1, headers: new Dictionary<string, object?> { ["ratio"] = value }));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, exception.Code);
        Assert.Contains("'input.headers.ratio'", exception.Message);
    }

    public static TheoryData<object?, object?> Values() => new()
    {
        { "text é 😀", "text é 😀" },
        { "", "" },
        { 42, 42L },
        { long.MaxValue, long.MaxValue },
        { (byte)7, 7L },
        { 1.5, 1.5 },
        { 0.1f, (double)0.1f },
        { true, true },
        { false, false },
        { 19.99m, "19.99" },
        { ulong.MaxValue, "18446744073709551615" },
        { new Guid("8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10"), "8d1fae52-6b7a-4a3e-9f3e-3a8c0f1f6f10" },
        { new Uri("https://example.com/a?b=c"), "https://example.com/a?b=c" },
        { new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.FromHours(2)), "2024-02-29T10:00:00.0000000+00:00" },
        { new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc), "2024-02-29T12:00:00.0000000Z" },
        { DayOfWeek.Friday, "Friday" },
        { JsonElement.Parse("7"), 7L },
        { JsonElement.Parse("0.5"), 0.5 },
        { JsonElement.Parse("\"x\""), "x" },
        { JsonElement.Parse("false"), false },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_header_arrives_as_text_number_or_boolean(object? value, object? expected)
    {
        var headers = await PublishAndReceive.ReadAsync(1, x => new Dictionary<string, object?>(x.Headers),
            headers: new Dictionary<string, object?> { ["trace-id"] = value });

        var arrived = Assert.Contains("trace-id", (IDictionary<string, object?>)headers);
        Assert.Equal(expected, arrived is int number ? (long)number : arrived);
        Assert.Single(headers);
    }

    [Theory]
    [InlineData(true, "true")]
    [InlineData(false, "false")]
    public async Task With_the_format_json_a_boolean_arrives_as_text(bool value, string expected) => Assert.Equal(expected, await PublishAndReceive.ReadAsync(
        1, x => x.Headers["flag"], headers: new Dictionary<string, object?> { ["flag"] = value }, json: With(($"{Dev}:Format", "\"json\""))));

    [Theory]
    [InlineData("not-ductape-trace")]
    [InlineData("ductape")]
    [InlineData(" spaces are kept ")]
    [InlineData("größe 😀")]
    public async Task Any_other_name_arrives_as_it_is(string name) => Assert.Equal([name],
        await PublishAndReceive.ReadAsync(1, x => x.Headers.Keys.ToArray(), headers: new Dictionary<string, object?> { [name] = "x" }));

    [Fact]
    public async Task A_null_header_is_left_out() =>
        Assert.Empty(await PublishAndReceive.ReadAsync(1, x => x.Headers, headers: new Dictionary<string, object?> { ["trace-id"] = null }));

    [Fact]
    public async Task Headers_are_found_in_any_case() =>
        Assert.Equal("x", await PublishAndReceive.ReadAsync(1, x => x.Headers["TRACE-ID"],
            headers: new Dictionary<string, object?> { ["trace-id"] = "x" }));

    private static async Task AssertRefusedAsync(string name, object value, string message)
    {
        await using var services = TestProvider.Build();

        var exception = await Assert.ThrowsAsync<DuctapeException>(
            () => services.Broker().PublishAsync(Event, 1, headers: new Dictionary<string, object?> { [name] = value }));

        Assert.Equal($"INVALID_INPUT: {message}", exception.Message);
        Assert.Equal((Event, "dev", "my_product"), (exception.Event, exception.Env, exception.ProductTag));
    }
}
