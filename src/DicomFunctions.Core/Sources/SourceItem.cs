namespace DicomFunctions.Core.Sources;

/// <summary>One source of an expanded pattern, or why the pattern, or a part of it, could not be expanded.</summary>
/// <param name="Reference">The reference of the source or, with a problem, of what could not be expanded.</param>
/// <param name="Problem">Null if it is a source.</param>
public readonly record struct SourceItem(string Reference, SourceProblem? Problem = null);
