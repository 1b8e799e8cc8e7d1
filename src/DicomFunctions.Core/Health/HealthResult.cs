namespace DicomFunctions.Core.Health;

/// <summary>The result of a check.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Problem">What is wrong and what to do; null if nothing is.</param>
internal sealed record HealthResult(string Name, string? Problem);
