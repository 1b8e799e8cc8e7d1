namespace DicomFunctions.Testing.Azurite;

/// <summary>A class whose tests need Azurite.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAzuriteAttribute : RequiresAttribute
{
    public override string? Missing => AzuritePrograms.Missing;
}
