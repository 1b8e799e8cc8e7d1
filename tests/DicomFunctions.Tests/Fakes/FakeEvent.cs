namespace DicomFunctions.App.Tests.Fakes;

/// <summary>What became of an action, by its place among all.</summary>
internal sealed record FakeEvent(DateTime At, int Action, string? Result, string? Failure);
