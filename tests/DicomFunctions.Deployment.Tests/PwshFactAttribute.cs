using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>A test that runs PowerShell; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PwshFactAttribute : FactAttribute
{
    public PwshFactAttribute() => Skip = Tool.Pwsh.Missing;
}
