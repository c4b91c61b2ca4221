namespace Ductape.MassTransit.Tests.Routing;

public class EventNameTests
{
    private const string Form = "write it as brokerTag:topicTag, for example 'orders:order-created'.";

    [Theory]
    [InlineData("orders:created", "orders", "created")]
    [InlineData("a:b", "a", "b")]
    [InlineData("Orders_v2.eu:order-created.v1", "Orders_v2.eu", "order-created.v1")]
    public void An_event_is_a_broker_tag_a_colon_and_a_topic_tag(string value, string broker, string topic)
    {
        var name = EventName.Parse(value);

        Assert.Equal((broker, topic), (name.Broker, name.Topic));
        Assert.Equal(value, name.ToString());
        Assert.True(EventName.TryParse(value, out var same));
        Assert.Equal(name, same);
    }

    [Theory]
    [InlineData("orders", "the event 'orders' has no colon; ")]
    [InlineData("", "the event '' has no colon; ")]
    [InlineData("a:b:c", "the event 'a:b:c' has more than one colon; ")]
    [InlineData("a::b", "the event 'a::b' has more than one colon; ")]
    [InlineData("::", "the event '::' has more than one colon; ")]
    [InlineData(":", "the event ':' has an empty broker tag; ")]
    [InlineData(":created", "the event ':created' has an empty broker tag; ")]
    [InlineData("orders:", "the event 'orders:' has an empty topic tag; ")]
    [InlineData(" :created", "the broker tag of the event ' :created' is blank; ")]
    [InlineData("orders: ", "the topic tag of the event 'orders: ' is blank; ")]
    [InlineData("orders: created", "the topic tag of the event 'orders: created' has the character ' '; use letters (a to z), digits, '-', '_' and '.'; ")]
    [InlineData(" orders:created", "the broker tag of the event ' orders:created' has the character ' '; use letters (a to z), digits, '-', '_' and '.'; ")]
    [InlineData("orders:cre/ated", "the topic tag of the event 'orders:cre/ated' has the character '/'; use letters (a to z), digits, '-', '_' and '.'; ")]
    [InlineData("orders:a\\b", "the topic tag of the event 'orders:a\\b' has the character '\\'; use letters (a to z), digits, '-', '_' and '.'; ")]
    [InlineData("orders:a?b", "the topic tag of the event 'orders:a?b' has the character '?'; use letters (a to z), digits, '-', '_' and '.'; ")]
    [InlineData("or%ders:a", "the broker tag of the event 'or%ders:a' has the character '%'; use letters (a to z), digits, '-', '_' and '.'; ")]
    public void Anything_else_is_refused_with_what_is_wrong_and_the_form(string value, string problem)
    {
        var exception = Assert.Throws<DuctapeException>(() => EventName.Parse(value));

        Assert.Equal(DuctapeErrorCodes.InvalidEvent, exception.Code);
        Assert.Equal($"INVALID_EVENT: {problem}{Form}", exception.Message);
        Assert.Equal(value, exception.Event);
        Assert.False(EventName.TryParse(value, out _));
    }

    [Fact]
    public void A_control_character_is_named_by_its_code_point()
    {
        var exception = Assert.Throws<DuctapeException>(() => EventName.Parse("orders:a\u0007b"));

        Assert.Contains("has the character 'U+0007'; use letters", exception.Message);
    }

    [Theory]
    [InlineData("orders:a*b")]
    [InlineData("orders:a<b")]
    [InlineData("orders:a{b}")]
    [InlineData("orders:a,b")]
    [InlineData("orders:a&b")]
    [InlineData("orders:a'b")]
    [InlineData("orders:größe")]
    [InlineData("orders:😀")]
    public void Only_the_characters_that_the_message_offers_are_accepted(string value) =>
        Assert.Equal(DuctapeErrorCodes.InvalidEvent, Assert.Throws<DuctapeException>(() => EventName.Parse(value)).Code);

    [Theory]
    [InlineData("", "created", "the broker tag of the event, '', is blank; ")]
    [InlineData(null, "created", "the broker tag of the event, '', is blank; ")]
    [InlineData("orders", " ", "the topic tag of the event, ' ', is blank; ")]
    [InlineData("orders", "a:b", "the topic tag of the event, 'a:b', has the character ':'; use letters (a to z), digits, '-', '_' and '.'; ")]
    public void The_constructor_takes_no_other_tags_than_an_event_has(string? broker, string topic, string problem)
    {
        var exception = Assert.Throws<DuctapeException>(() => new EventName(broker!, topic));

        Assert.Equal(($"INVALID_EVENT: {problem}{Form}", $"{broker}:{topic}"), (exception.Message, exception.Event));
    }

    [Fact]
    public void The_constructor_puts_together_what_it_takes_apart()
    {
        var (broker, topic) = new EventName("orders", "created");

        Assert.Equal(("orders", "created", "orders:created"), (broker, topic, new EventName(broker, topic).ToString()));
    }

    [Fact]
    public void Null_is_refused_like_any_other()
    {
        var exception = Assert.Throws<DuctapeException>(() => EventName.Parse(null!));

        Assert.Equal($"INVALID_EVENT: the event is null; {Form}", exception.Message);
        Assert.False(EventName.TryParse(null, out _));
    }

    [Fact]
    public void Tags_are_compared_without_regard_to_case()
    {
        var name = EventName.Parse("Orders:Created");

        Assert.Equal(EventName.Parse("orders:created"), name);
        Assert.Equal(EventName.Parse("orders:created").GetHashCode(), name.GetHashCode());
        Assert.Equal("Orders:Created", name.ToString());
        Assert.NotEqual(EventName.Parse("orders:shipped"), name);
    }
}
