using Xunit;

namespace DicomFunctions.App.Tests;

/// <summary>A fact about a contracts build: skipped, with the reason, where the real packages are used.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractsFactAttribute : FactAttribute
{
#if !CONTRACTS
    public ContractsFactAttribute() => Skip = "This build uses the real Google.Cloud.PubSub.V1.";
#endif
}
