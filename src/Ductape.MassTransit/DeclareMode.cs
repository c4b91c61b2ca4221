namespace Ductape.MassTransit;

/// <summary>Who makes the exchanges and queues of a topic. RabbitMQ only.</summary>
public enum DeclareMode
{
    /// <summary>
    /// They are declared and bound where they are not there; what exists otherwise is refused by the broker.
    /// </summary>
    Create,

    /// <summary>
    /// They exist, whatever they were made with: nothing is declared or bound, so that the user needs no right to
    /// configure; it is only looked whether they are there.
    /// </summary>
    Passive,
}
