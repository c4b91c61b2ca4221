namespace Ductape.MassTransit;

/// <summary>What is wrong with Azure Service Bus settings. Never repeats a connection string.</summary>
internal static class AzureServiceBusSettingsValidator
{
    public static IEnumerable<ConfigurationProblem> Validate(AzureServiceBusSettings settings)
    {
        foreach (var problem in Address(settings))
            yield return problem;

        if (settings.QueueName is not null)
        {
            if (TransportSettings.RefersToSecret(settings.QueueName))
                yield return new("QueueName", "a secret cannot stand here, since the queue's name is shown in logs and errors", "write the name");
            else if (settings.QueueName.Length is 0 or > 260 || !settings.QueueName.All(c => AzureServiceBusNaming.Rules.IsAllowed(c) || c == '/'))
                yield return new("QueueName", $"{ConfigurationProblem.Quoted(settings.QueueName)} is not the name of a queue: 1 to 260 of letters (a to z), digits, '-', '_', '.' and '/'");
        }

        if (settings.MaxDeliveryCount is < 1 or > 2000)
            yield return new("MaxDeliveryCount", $"{settings.MaxDeliveryCount} is out of range", "it must be from 1 to 2000");
        if (settings.LockDuration < TimeSpan.FromSeconds(5) || settings.LockDuration > TimeSpan.FromMinutes(5))
            yield return new("LockDuration", $"'{settings.LockDuration}' is out of range", "it must be from five seconds to five minutes");
        if (settings.MaxHandlingTime < TimeSpan.FromSeconds(5) || settings.MaxHandlingTime > TimeSpan.FromDays(1))
            yield return new("MaxHandlingTime", $"'{settings.MaxHandlingTime}' is out of range", "it must be from five seconds to one day");
        if (settings.ProbeInterval < TimeSpan.FromSeconds(1) || settings.ProbeInterval > TimeSpan.FromHours(1))
            yield return new("ProbeInterval", $"'{settings.ProbeInterval}' is out of range", "it must be from one second to one hour");
    }

    private static IEnumerable<ConfigurationProblem> Address(AzureServiceBusSettings settings)
    {
        if (settings.ConnectionString is null && settings.Namespace is null)
            yield return new("ConnectionString", "it is missing", "give it, or Namespace for the identity that DefaultAzureCredential finds");
        if (settings.ConnectionString is not null && settings.Namespace is not null)
            yield return new("Namespace", "it excludes ConnectionString", "give one or the other");
        if (settings.Namespace is not null && !TransportSettings.RefersToSecret(settings.Namespace)
            && Uri.CheckHostName(AzureServiceBusAddress.Full(settings.Namespace)) != UriHostNameType.Dns)
            yield return new("Namespace", $"{ConfigurationProblem.Quoted(settings.Namespace)} is not the name of a namespace", "write 'name' or 'name.servicebus.windows.net'");
        if (settings.ConnectionString is null || TransportSettings.RefersToSecret(settings.ConnectionString))
            yield break;

        if (AzureServiceBusAddress.HostOf(settings.ConnectionString) is null)
        {
            yield return new("ConnectionString", "it has no endpoint (not shown, since it may hold a key)",
                "write Endpoint=sb://name.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…");
        }
        else if (AzureServiceBusAddress.Part(settings.ConnectionString, "EntityPath") is not null)
        {
            yield return new("ConnectionString", "it is that of one queue or topic (EntityPath)", "give that of the namespace, and name the queue in QueueName");
        }
        else if (AzureServiceBusAddress.Part(settings.ConnectionString, "SharedAccessKey") is null
            && AzureServiceBusAddress.Part(settings.ConnectionString, "SharedAccessSignature") is null)
        {
            yield return new("ConnectionString", "it has no key (SharedAccessKey or SharedAccessSignature)", "give one, or Namespace for DefaultAzureCredential");
        }
    }
}
