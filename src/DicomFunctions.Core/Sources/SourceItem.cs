namespace DicomFunctions.Core.Sources;

/// <summary>One source of an expanded pattern, or why (a part of) the pattern could not be expanded.</summary>
/// <param name="Reference">The source's own reference, to open; with a problem, what could not be expanded.</param>
/// <param name="Problem">Null for a source.</param>
public readonly record struct SourceItem(string Reference, SourceProblem? Problem = null);
