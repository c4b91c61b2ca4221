using System.Diagnostics.CodeAnalysis;
using Ductape.MassTransit.Transports;

namespace Ductape.MassTransit;

/// <summary>
/// Marks a setting of a transport that names one of the application's connection strings,
/// <c>ConnectionStrings:NAME</c>. The settings that <see cref="IBrokerTransport.CreateBus"/> gets have the connection
/// string in the setting that <paramref name="setting"/> names, and null here. A connection string is a secret: one
/// that is missing is <see cref="DuctapeErrorCodes.SecretNotFound"/>.
/// </summary>
/// <param name="setting">The name of the property that takes the connection string, a text of the same
/// settings.</param>
[AttributeUsage(AttributeTargets.Property)]
[Experimental("DUCTAPE001")]
public sealed class ConnectionStringNameAttribute(string setting) : Attribute
{
    /// <summary>The name of the property that takes the connection string.</summary>
    public string Setting { get; } = setting;
}
