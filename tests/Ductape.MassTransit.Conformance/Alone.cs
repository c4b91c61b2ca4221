namespace Ductape.MassTransit.Conformance;

/// <summary>
/// The collection of tests that change something for the whole process, such as a listener for every activity, and so
/// run when no other test does. A test project that has such tests defines it.
/// </summary>
public static class Alone
{
    public const string Name = "alone";
}
