using System.Text;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;
using static Ductape.MassTransit.Tests.Sessions.SessionConfiguration;

namespace Ductape.MassTransit.Tests.Sessions;

public class SessionReferenceRefusalTests
{
    private static readonly string Json = Of(new { SigningKey, Selector = "$Session{userId}" }, ($"{Topic}:ResolveReferences", "true"));
    private static readonly string Long = new('x', 100);

    public static TheoryData<string, string> Refused => new()
    {
        {
            """{"customer":{"email":"$Session{web}{email}"}}""",
            "at /customer/email refers to '$Session{web}{email}', and the token of the session 'web' has no such claim."
        },
        {
            """{"a":[0,{"b/~c":["x","to $Session{web}{userId.first}"]}]}""",
            "at /a/1/b~1~0c/1 refers to '$Session{web}{userId.first}', and the token of the session 'web' has no such claim."
        },
        {
            """{"good":"$Session{web}{userId}","bad":"\u0024Session{web}{USERID}"}""",
            "at /bad refers to '$Session{web}{USERID}', and the token of the session 'web' has no such claim."
        },
        { "\"$Session{admin}{userId}\"", "at (root) refers to '$Session{admin}{userId}', and the publish's session is 'web': refer to that one." },
        {
            """["hi $Session{web}{address}"]""",
            "at /0 has '$Session{web}{address}' inside a longer string, and the claim is an object, which has no text: let the reference stand alone, or "
                + "refer to a string, number or boolean."
        },
        {
            """["hi $Session{web}{tags}"]""",
            "at /0 has '$Session{web}{tags}' inside a longer string, and the claim is a list, which has no text: let the reference stand alone, or refer "
                + "to a string, number or boolean."
        },
        {
            """["hi $Session{web}{none}"]""",
            "at /0 has '$Session{web}{none}' inside a longer string, and the claim is null, which has no text: let the reference stand alone, or refer to "
                + "a string, number or boolean."
        },
        {
            """["hi $Session{web}{deep.half}"]""",
            "at /0 has '$Session{web}{deep.half}' inside a longer string, and the claim is a string with half of a surrogate pair, which has no text: let the "
                + "reference stand alone, or refer to a string, number or boolean."
        },
        { """["$Session{userId}"]""", "at /0 " + Malformed },
        { """["$Session{"]""", "at /0 " + Malformed },
        { """["$Session{}{}"]""", "at /0 " + Malformed },
        { """["$Session{web}{}"]""", "at /0 " + Malformed },
        { """["$Session{web}{a..b}"]""", "at /0 " + Malformed },
        { """["$Session{web}{user id}"]""", "at /0 " + Malformed },
        { """["$Session{web}{$Session{web}{userId}}"]""", "at /0 " + Malformed },
        {
            $$"""["$Session{web}{{{Long}}}"]""",
            "at /0 refers to a claim by a reference of 115 characters, and the token of the session 'web' has no such claim."
        },
    };

    private static string Malformed =>
        "has '$Session{', and what follows does not make it a reference: write $Session{tag}{path}, for example $Session{web}{userId}.";

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_reference_that_cannot_be_replaced_is_named_with_its_place(string message, string refusal)
    {
        var error = await RefusalAsync(message, Tag);

        Assert.Equal($"SESSION_INVALID: 'input.message' {refusal} Nothing was sent.", error.Message);
        Assert.Equal(DuctapeErrorCodes.SessionInvalid, error.Code);
        Assert.Equal((Event, "dev", "my_product"), (error.Event, error.Env, error.ProductTag));
    }

    [Fact]
    public async Task A_reference_without_a_session_is_refused() => Assert.Equal(
        "SESSION_INVALID: 'input.message' at /u refers to '$Session{web}{userId}', and 'session' is missing: give the publish the session that it "
            + "refers to. Nothing was sent.",
        (await RefusalAsync("""{"u":"$Session{web}{userId}"}""", null)).Message);

    [Fact]
    public async Task A_string_that_is_no_text_beside_a_reference_is_refused() => Assert.Equal(
        "INVALID_INPUT: 'input.message' at /1 has half of a surrogate pair, which no text can have, so that it cannot be searched for references. "
            + "Nothing was sent. Escape the whole pair, or none.",
        (await RefusalAsync("""["\u00e9","\ud83d $Session{web}{userId}"]""", Tag)).Message);

    private static async Task<DuctapeException> RefusalAsync(string message, string? tag)
    {
        await using var app = new SessionApp(Json);
        var inbox = new Inbox();
        await using var subscription = await app.Broker.SubscribeAsync(Event, inbox.ReceiveAsync);
        var token = ForgedToken.Hmac(Encoding.UTF8.GetBytes(
            """{"userId":"user_1","address":{},"tags":[],"none":null,"deep":{"half":"\ud83d"},"exp":4102444800}"""));

        var error = await Assert.ThrowsAsync<DuctapeException>(() => app.Broker.PublishAsync(
            Event, Encoding.UTF8.GetBytes(message), session: tag is null ? null : new SessionInput { Tag = tag, Token = token }));
        await app.Broker.PublishAsync(Event, "last");

        await inbox.HasAsync(1);
        Assert.Equal(["\"last\""], inbox.Bodies);
        return error;
    }
}
