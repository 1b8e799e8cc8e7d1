using Xunit;

namespace DicomFunctions.Contracts.Tests;

/// <summary>A theory about the real package: skipped, with the reason, where the contract stands in for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPackagesTheoryAttribute : TheoryAttribute
{
#if CONTRACTS
    public RealPackagesTheoryAttribute() => Skip = "This build uses the contract itself: the package feed lacks Google.Cloud.PubSub.V1.";
#endif
}
