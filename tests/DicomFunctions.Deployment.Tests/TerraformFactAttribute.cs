using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>A test that runs Terraform; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TerraformFactAttribute : FactAttribute
{
    public TerraformFactAttribute() => Skip = Tool.Terraform.Missing;
}
