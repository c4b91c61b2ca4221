namespace Ductape.MassTransit.Publishing;

/// <summary>One step of the way of a publish, with all that come after it.</summary>
internal delegate Task<PublishResult> PublishStep(OutgoingPublish publish, CancellationToken cancellationToken);
