using DicomFunctions.Testing;

namespace DicomFunctions.App.Tests.Storage;

/// <summary>A class whose tests need Azurite.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAzuriteAttribute : RequiresAttribute
{
    public override string? Missing => AzuritePrograms.Missing;
}
