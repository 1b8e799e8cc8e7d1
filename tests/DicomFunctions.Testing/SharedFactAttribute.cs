using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A fact that needs <see cref="Shared"/>, and is skipped, saying so, without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = Shared.Missing;
}
