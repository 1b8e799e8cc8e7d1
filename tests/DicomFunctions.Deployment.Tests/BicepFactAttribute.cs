using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>A test that runs Bicep; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute() => Skip = Tool.Bicep.Missing;
}
