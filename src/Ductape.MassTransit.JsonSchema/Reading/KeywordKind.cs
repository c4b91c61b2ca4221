namespace Ductape.MassTransit;

/// <summary>What a keyword of JSON Schema takes.</summary>
internal enum KeywordKind
{
    Type,
    Value,
    Values,
    Names,
    NamesByName,
    Schema,
    Schemas,
    SchemasByName,
    SchemasByPattern,
    SchemaOrSchemas,
    SchemaOrNamesByName,
    Number,
    PositiveNumber,
    NumberOrBoolean,
    Count,
    Boolean,
    Pattern,
    Text,
}
