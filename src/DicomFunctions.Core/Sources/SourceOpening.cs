using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Sources;

/// <summary>An opened source, or why it could not be opened.</summary>
internal readonly record struct SourceOpening
{
    /// <summary>The source is open; the caller disposes it.</summary>
    public SourceOpening(OpenedSource opened) => Opened = opened;

    /// <summary>The source could not be opened.</summary>
    public SourceOpening(SourceProblem problem) => Problem = problem;

    public OpenedSource? Opened { get; }

    public SourceProblem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Opened))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOpen => Opened is not null;

    internal static SourceOpening Failed(string code, string message) => new(new SourceProblem(code, message));
}
