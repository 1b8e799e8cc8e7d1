namespace DicomFunctions.Core.Api;

/// <summary>The answer of a healthy host.</summary>
/// <param name="Status">Always <c>ok</c>; an unhealthy host answers with a problem instead.</param>
/// <param name="Version">The version of this build.</param>
/// <param name="Checks">The checks by name, each <c>ok</c>.</param>
internal sealed record HealthReport(string Status, string Version, IReadOnlyDictionary<string, string> Checks);
