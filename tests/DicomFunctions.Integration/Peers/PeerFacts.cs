using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;

namespace DicomFunctions.Integration.Peers;

/// <summary>Needs Orthanc.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrthancFactAttribute : FactAttribute
{
    public OrthancFactAttribute() => Skip = OrthancServer.Missing;
}

/// <summary>Needs Orthanc, and the folder of samples beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrthancSamplesFactAttribute : FactAttribute
{
    public OrthancSamplesFactAttribute() => Skip = OrthancServer.Missing ?? Shared.Missing;
}

/// <summary>Needs Google's Pub/Sub emulator.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PubSubFactAttribute : FactAttribute
{
    public PubSubFactAttribute() => Skip = PubSubServer.Missing;
}

/// <summary>Needs Azurite.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = AzuritePrograms.Missing;
}
