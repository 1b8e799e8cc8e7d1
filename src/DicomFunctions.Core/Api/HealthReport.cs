namespace DicomFunctions.Core.Api;

/// <summary>That the host can do its work.</summary>
/// <param name="Status">Always <c>ok</c>: otherwise the answer is a problem.</param>
/// <param name="Version">Of this build.</param>
/// <param name="Checks">What was checked, each <c>ok</c>.</param>
internal sealed record HealthReport(string Status, string Version, IReadOnlyDictionary<string, string> Checks);
