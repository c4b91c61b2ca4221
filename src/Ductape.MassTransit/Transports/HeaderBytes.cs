namespace Ductape.MassTransit.Transports;

/// <summary>The bytes that headers take in an envelope.</summary>
internal delegate long HeaderBytes(IReadOnlyDictionary<string, object?> headers);
