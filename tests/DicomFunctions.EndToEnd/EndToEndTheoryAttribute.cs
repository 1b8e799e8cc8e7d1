using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>A theory that needs what <see cref="EndToEndFactAttribute"/> needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EndToEndTheoryAttribute : TheoryAttribute
{
    public EndToEndTheoryAttribute() => Skip = Prerequisites.Missing;
}
