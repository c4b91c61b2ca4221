namespace Ductape.MassTransit;

/// <summary>What a keyword of JSON Schema takes.</summary>
internal enum SchemaKeywordKind
{
    Reference,
    Type,
    Value,
    Values,
    Names,
    Schema,
    Schemas,
    SchemasByName,
    SchemasByPattern,
    SchemaOrBoolean,
    SchemaOrSchemas,
    Number,
    PositiveNumber,
    NumberOrBoolean,
    Count,
    PositiveCount,
    Boolean,
    Pattern,
    Text,
}
