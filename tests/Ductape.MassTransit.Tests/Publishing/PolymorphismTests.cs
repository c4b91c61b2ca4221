using System.Text.Json;
using System.Text.Json.Serialization;
using Ductape.MassTransit.Conformance;
using static Ductape.MassTransit.Tests.OrdersConfiguration;

namespace Ductape.MassTransit.Tests.Publishing;

/// <summary>Messages that are declared as something else than they are.</summary>
public class PolymorphismTests
{
    private const string Rex = """{"$type":"dog","tricks":3,"name":"Rex"}""";

    [Fact]
    public async Task A_derived_message_is_written_as_what_it_was_declared_as_and_read_as_what_it_is()
    {
        await using var services = PublishAndReceive.Provider();
        var inbox = new Inbox();
        var animals = new List<Animal>();
        await using var subscription = await services.Broker().SubscribeAsync<Animal>(Event, (animal, message) =>
        {
            animals.Add(animal);
            return inbox.ReceiveAsync(message);
        });
        Animal rex = new Dog("Rex", 3);
        INamed named = new Dog("Rex", 3);

        await services.Broker().PublishAsync(Event, rex);
        await services.Broker().PublishAsync(Event, named);
        await services.Broker().PublishAsync<Animal>(Event, new Dog("Rex", 3));
        await services.Broker().PublishManyAsync(Event, new[] { rex });
        await services.Broker().PublishManyAsync(Event, new[] { rex }.ToAsyncEnumerable());

        await inbox.HasAsync(5);
        Assert.Equal(Enumerable.Repeat(Rex, 5), inbox.Bodies);
        Assert.All(animals, x => Assert.Equal(new Dog("Rex", 3), x));
    }

    [Fact]
    public async Task The_elements_of_a_list_are_written_as_what_the_list_was_declared_with()
    {
        IReadOnlyList<Animal> dogs = new[] { new Dog("Rex", 3) };
        IReadOnlyList<Plain> plain = [new PlainMore(1)];

        Assert.Equal($"[{Rex}]", await BodyAsync(x => x.PublishAsync(Event, dogs)));
        Assert.Equal("[{}]", await BodyAsync(x => x.PublishAsync(Event, plain)));
    }

    [Fact]
    public async Task A_converter_of_the_declared_type_writes_its_derived_ones() =>
        Assert.Equal("\"converted\"", await BodyAsync(x => x.PublishAsync<Converted>(Event, new ConvertedMore())));

    [Fact]
    public async Task Nothing_is_left_out_where_the_declared_type_does_not_know_its_derived_ones()
    {
        Plain message = new PlainMore(1);

        Assert.Equal("""{"more":1}""", await BodyAsync(x => x.PublishAsync(Event, message)));
        Assert.Equal("""{"more":1}""", await BodyAsync(x => x.PublishAsync(Event, (object)message)));
        Assert.Equal("""{"tricks":3,"name":"Rex"}""", await BodyAsync(x => x.PublishAsync(Event, new Dog("Rex", 3))));
    }

    [Fact]
    public async Task A_derived_type_that_the_declared_one_does_not_list_is_refused()
    {
        await using var services = PublishAndReceive.Provider();

        var error = await Assert.ThrowsAsync<DuctapeException>(() => services.Broker().PublishAsync<Animal>(Event, new Cat("Tom")));

        Assert.Equal(DuctapeErrorCodes.InvalidInput, error.Code);
        Assert.StartsWith("INVALID_INPUT: 'input.message' cannot be written as JSON: Runtime type", error.Message);
        Assert.EndsWith(" Name Cat with [JsonDerivedType] on Animal, or publish it as a Cat.", error.Message);
    }

    [Fact]
    public async Task A_type_that_is_not_the_first_property_is_read_unless_the_applications_own_options_say_no()
    {
        var late = """{"name":"Rex","tricks":3,"$type":"dog"}"""u8.ToArray();

        Assert.Equal(new Dog("Rex", 3), await PublishAndReceive.ReadAsync(late, x => x.As<Animal>()));
        var error = await Assert.ThrowsAsync<DuctapeException>(() =>
            PublishAndReceive.ReadAsync(late, x => x.As<Animal>(), new JsonSerializerOptions(JsonSerializerDefaults.Web)));
        Assert.Contains("cannot be read as Animal: ", error.Message);
        Assert.Equal(
            """{"$type":"dog","Tricks":3,"Name":"Rex"}""", await BodyAsync(x => x.PublishAsync<Animal>(Event, new Dog("Rex", 3)), new JsonSerializerOptions()));
    }

    private static async Task<string> BodyAsync(Func<IMessageBroker, Task> publish, JsonSerializerOptions? options = null)
    {
        await using var services = PublishAndReceive.Provider(options);
        var inbox = new Inbox();
        await using var subscription = await services.Broker().SubscribeAsync(Event, inbox.ReceiveAsync);
        await publish(services.Broker());
        await inbox.HasAsync(1);
        return inbox.Bodies[0];
    }

    [JsonDerivedType(typeof(Dog), "dog")]
    public interface INamed
    {
        string Name { get; }
    }

    [JsonDerivedType(typeof(Dog), "dog")]
    public abstract record Animal(string Name);

    public sealed record Dog(string Name, int Tricks) : Animal(Name), INamed;

    public sealed record Cat(string Name) : Animal(Name);

    public record Plain;

    public sealed record PlainMore(int More) : Plain;

    [JsonConverter(typeof(Converter))]
    public record Converted;

    public sealed record ConvertedMore : Converted;

    private sealed class Converter : JsonConverter<Converted>
    {
        public override Converted? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options) => writer.WriteStringValue("converted");
    }
}
