using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A fact that needs a <see cref="Browser"/>, and is skipped, saying so, without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Browser.Missing;
}
