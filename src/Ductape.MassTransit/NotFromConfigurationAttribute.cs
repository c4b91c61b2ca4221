namespace Ductape.MassTransit;

/// <summary>Marks an option that only code can set; in a configuration its name is an unknown key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotFromConfigurationAttribute : Attribute;
