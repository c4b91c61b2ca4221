namespace Ductape.MassTransit.Topics;

/// <summary>A message id that becomes a text only when somebody reads it. Two that read the same are equal.</summary>
internal readonly struct MessageIdText : IEquatable<MessageIdText>
{
    private readonly Guid _id;
    private readonly string? _text;

    public MessageIdText(Guid id) => _id = id;

    public MessageIdText(string text) => _text = text;

    public bool Equals(MessageIdText other) =>
        _text is null && other._text is null ? _id == other._id : string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is MessageIdText other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text ?? _id.ToString();
}
