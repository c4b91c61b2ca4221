namespace Ductape.MassTransit.Schemas;

/// <summary>What a value of a sample asks of the value in the same place of a message.</summary>
internal enum SampleKind
{
    Anything,
    String,
    Number,
    Boolean,
    Object,
    List,
}
