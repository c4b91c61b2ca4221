namespace Ductape.MassTransit;

/// <summary>Where the answers of the server on one channel go, besides whoever published.</summary>
/// <param name="channels">Whose channel it is.</param>
/// <param name="channel">The channel.</param>
internal sealed class RabbitMqAnswers(RabbitMqPublishChannels channels, RabbitMqPublishChannel channel)
{
    /// <summary>The server has confirmed messages.</summary>
    public void Confirmed(List<RabbitMqPublish> publishes) => channels.Confirmed(channel, publishes);

    /// <summary>The server has refused messages.</summary>
    /// <returns>Whether they are to be published once more.</returns>
    public bool Refused(List<RabbitMqPublish> publishes) => channels.Refused(channel, publishes);
}
