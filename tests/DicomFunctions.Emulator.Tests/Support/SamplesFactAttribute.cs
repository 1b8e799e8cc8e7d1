namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A test of the real sample files beside the project; skipped with a reason where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SamplesFactAttribute : FactAttribute
{
    public SamplesFactAttribute()
    {
        if (Samples.Directory is null)
            Skip = "There is no folder shared/dicom-samples beside the repository.";
    }
}
