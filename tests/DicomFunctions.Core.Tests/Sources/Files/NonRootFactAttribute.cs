using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Files;

/// <summary>A fact about permissions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NonRootFactAttribute : FactAttribute
{
    public NonRootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? "Permissions do not hold the superuser back." : null;
}
