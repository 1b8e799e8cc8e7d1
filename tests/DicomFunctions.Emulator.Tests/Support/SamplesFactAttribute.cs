namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A test over the real sample files beside the project; skipped, saying so, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SamplesFactAttribute : FactAttribute
{
    public SamplesFactAttribute()
    {
        if (Samples.Directory is null)
        {
            Skip = "There is no folder shared/dicom-samples beside the project (see its README): nothing to compare with.";
        }
    }
}
