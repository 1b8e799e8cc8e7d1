using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Oracles;

/// <summary>Needs dcmtk.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DcmtkFactAttribute : FactAttribute
{
    public DcmtkFactAttribute() => Skip = Dcmtk.Missing;
}

/// <summary>Needs dcmtk, and the folder of samples beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DcmtkSamplesFactAttribute : FactAttribute
{
    public DcmtkSamplesFactAttribute() => Skip = Dcmtk.Missing ?? Shared.Missing;
}
