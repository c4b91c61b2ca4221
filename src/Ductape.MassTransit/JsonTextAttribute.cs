namespace Ductape.MassTransit;

/// <summary>
/// Marks an option that is JSON text or the path of such a file, because as an object it would lose its types.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class JsonTextAttribute : Attribute;
