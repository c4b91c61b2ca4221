namespace Ductape.MassTransit.RabbitMQ.Confirming;

/// <summary>Who is told of the server's answers on one channel, besides whoever published.</summary>
/// <param name="Confirmed">Gets the messages that the server has confirmed.</param>
/// <param name="Refused">Gets the messages that the server has refused, and says whether they are to be published once
/// more.</param>
internal sealed record RabbitMqAnswerHandlers(Action<List<RabbitMqPublish>> Confirmed, Func<List<RabbitMqPublish>, bool> Refused);
