namespace DicomFunctions.Core.Http;

/// <summary>Whether the host can do its work.</summary>
internal sealed record HealthReport(string Status, string Version);
