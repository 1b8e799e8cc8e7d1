using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A theory that needs <see cref="Shared"/>, and is skipped, saying so, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = Shared.Missing;
}
