namespace DicomFunctions.Core.Sources;

/// <summary>Why a source can not be uploaded.</summary>
/// <param name="Code">Stable, for programs: a constant of <see cref="SourceProblemCode"/>.</param>
/// <param name="Message">For people: what is wrong and what to do. Does not repeat the reference.</param>
public sealed record SourceProblem(string Code, string Message);
