namespace DicomFunctions.App.Tests.Fakes;

/// <summary>What an orchestration asked for: an activity, or a timer.</summary>
internal sealed record FakeAction(string? Activity, string? Input, DateTime? FireAt);
