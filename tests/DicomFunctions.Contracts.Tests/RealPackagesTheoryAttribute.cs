using Xunit;

namespace DicomFunctions.Contracts.Tests;

/// <summary>A theory about the real packages: skipped, with the reason, where contracts stand in for them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPackagesTheoryAttribute : TheoryAttribute
{
#if CONTRACTS
    public RealPackagesTheoryAttribute() => Skip = "This build uses the contracts themselves: the package feed lacks the real packages.";
#endif
}
