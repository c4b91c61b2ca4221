using System.Diagnostics.CodeAnalysis;

namespace Ductape.MassTransit.Transports;

/// <summary>The place of a message among those that a queue delivers.</summary>
/// <param name="Stream">Within which the numbers count, for example the broker's channel; told apart by
/// reference.</param>
/// <param name="Number">1 for the first of the stream, and one more for each delivery.</param>
[Experimental("DUCTAPE001")]
public readonly record struct DeliveryNumber(object Stream, ulong Number);
