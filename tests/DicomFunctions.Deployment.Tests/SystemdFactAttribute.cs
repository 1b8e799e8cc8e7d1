using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>A test that runs <c>systemd-analyze</c>; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute() => Skip = Tool.OnPath("systemd-analyze") is null ? "systemd-analyze is not on the PATH." : null;
}
