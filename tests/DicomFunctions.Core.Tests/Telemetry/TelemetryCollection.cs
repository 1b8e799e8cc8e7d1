using Xunit;

namespace DicomFunctions.Core.Tests.Telemetry;

/// <summary>Tests that count what the whole process measures: beside others they would count theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
