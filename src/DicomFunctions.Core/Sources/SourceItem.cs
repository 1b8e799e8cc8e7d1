namespace DicomFunctions.Core.Sources;

/// <summary>One source of an expanded pattern, or why the pattern, or a part of it, could not be expanded.</summary>
/// <param name="Reference">The reference of the source or, with a problem, of what could not be expanded.</param>
/// <param name="Problem">Null if it is a source.</param>
/// <param name="IsPattern">
/// Whether the reference is a pattern itself, such as a study that a search has found. It is expanded after everything else, once.
/// </param>
internal readonly record struct SourceItem(string Reference, SourceProblem? Problem = null, bool IsPattern = false);
