using DicomFunctions.Testing.Browsing;
using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A fact that needs a <see cref="Browser"/>, and is skipped, saying so, without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    /// <param name="withAxe">Whether it also needs axe-core.</param>
    public ChromiumFactAttribute(bool withAxe = false) => Skip = Browser.Missing ?? (withAxe ? AxeCore.Missing : null);
}
