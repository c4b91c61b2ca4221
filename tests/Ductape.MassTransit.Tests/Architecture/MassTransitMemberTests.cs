using System.Runtime.CompilerServices;
using Ductape.MassTransit.Conformance;

namespace Ductape.MassTransit.Tests.Architecture;

/// <summary>What the core overrides and implements of MassTransit's is called by MassTransit.</summary>
public sealed class MassTransitMemberTests(MassTransitMemberTests.Calls calls) : IClassFixture<MassTransitMemberTests.Calls>
{
    public static TheoryData<string> Members => MassTransitCalls.Listed(List());

    [Theory]
    [MemberData(nameof(Members))]
    public void MassTransit_calls_it_unless_the_list_says_why_not(string member) => calls.Check(member);

    [Fact]
    public void The_worker_comes_to_the_end() => calls.CheckFinished();

    [Fact]
    public void The_list_has_every_member() => calls.CheckAllListed();

    private static string List([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "MassTransitMembers.txt");

    public sealed class Calls() : MassTransitCalls(typeof(IMessageBroker).Assembly, List(), () => ["core"]);
}
