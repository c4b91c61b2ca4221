namespace Ductape.MassTransit;

/// <summary>
/// What the messages of a topic must be like. Read once; checks any number of messages at the same time.
/// </summary>
public interface IMessageSchema
{
    /// <summary>What it was made of, for error messages: <c>schema</c> or <c>sample</c>.</summary>
    string Source { get; }

    /// <summary>What can go wrong while messages are checked. <see cref="CatalogLint"/> shows it.</summary>
    IReadOnlyList<SchemaWarning> Warnings { get; }

    /// <summary>Compares a message with it.</summary>
    /// <param name="payload">The message, UTF-8 JSON that is valid and at most 60 levels deep.</param>
    /// <returns>What differs, each with the JSON pointer of its place, or null where nothing does. Never a value of the
    /// message.</returns>
    /// <exception cref="MessageNotCheckedException">The message cannot be checked to its end.</exception>
    string? Differences(ReadOnlyMemory<byte> payload);
}
