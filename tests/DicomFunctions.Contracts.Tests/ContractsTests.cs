using System.Reflection;
using Xunit;

namespace DicomFunctions.Contracts.Tests;

public sealed class ContractsTests
{
    public static TheoryData<string> Contracts => [.. ContractAssemblies.Names];

    [RealPackagesTheory]
    [MemberData(nameof(Contracts))]
    public void A_contract_says_what_the_real_assembly_says(string name)
    {
        var contract = new ContractAssemblies().LoadFromAssemblyName(new AssemblyName(name));
        var real = Assembly.Load(name);

        var differences = contract.GetExportedTypes().SelectMany(type => real.GetType(type.FullName!) is { } counterpart
            ? ContractComparison.Differences(type, counterpart)
                .Select(difference => $"{type.FullName} {difference}")
            : [$"{type.FullName} is not there"]);

        Assert.NotSame(contract, real);
        Assert.Equal([], differences);
    }

    [Fact]
    public void The_contracts_are_these()
    {
        Assert.Equal(["Google.Api.Gax.Grpc", "Google.Cloud.PubSub.V1"], ContractAssemblies.Names);
        Assert.All(
            ContractAssemblies.Names,
            name => Assert.NotEmpty(new ContractAssemblies().LoadFromAssemblyName(new AssemblyName(name)).GetExportedTypes()));
    }
}
