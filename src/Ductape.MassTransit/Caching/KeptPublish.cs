using System.ComponentModel;

namespace Ductape.MassTransit.Caching;

/// <summary>A publish that succeeded, as it is kept: in memory as it is, in a distributed cache as JSON.</summary>
/// <param name="Result">What the first caller got.</param>
/// <param name="Message">The hash of the message, <see cref="PublishIdentity.Message"/>.</param>
/// <param name="CreatedAt">Since when it is kept.</param>
/// <param name="ExpiresAt">Until when it is kept.</param>
[ImmutableObject(true)]
internal sealed record KeptPublish(PublishResult Result, string Message, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
