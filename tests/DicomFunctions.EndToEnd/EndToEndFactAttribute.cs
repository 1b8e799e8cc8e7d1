using Xunit;

namespace DicomFunctions.EndToEnd;

/// <summary>A fact that needs the real packages, Core Tools and Azurite, and is skipped, saying what is missing, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EndToEndFactAttribute : FactAttribute
{
    public EndToEndFactAttribute() => Skip = Prerequisites.Missing;
}
