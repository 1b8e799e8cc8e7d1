namespace DicomFunctions.Core.Health;

/// <summary>What a check found.</summary>
/// <param name="Name">The check's.</param>
/// <param name="Problem">What is wrong and what to do; null: nothing.</param>
public sealed record HealthResult(string Name, string? Problem);
