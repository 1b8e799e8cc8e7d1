namespace DicomFunctions.Core.Jobs.Expansion;

/// <summary>Where the expansion of a job's sources stands after a run, and what the runs so far have staged.</summary>
internal sealed record ExpansionCursor
{
    /// <summary>Number of runs so far.</summary>
    public int Runs { get; init; }

    /// <summary>For each of them: its execution, and the number of its blocks of inputs and of the index.</summary>
    public IReadOnlyList<long[]> Staged { get; init; } = [];

    /// <summary>The files with the patterns that the runs have found.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    /// <summary>The file being read: 0 for the sources as submitted, then those of <see cref="Found"/>.</summary>
    public int File { get; init; }

    /// <summary>The offset in it of the line to continue with.</summary>
    public long Offset { get; init; }

    /// <summary>What the line continues after; null for its beginning.</summary>
    public string? Page { get; init; }

    /// <summary>Whether the line has brought anything yet.</summary>
    public bool HasAny { get; init; }

    /// <summary>Number of inputs so far.</summary>
    public long Inputs { get; init; }

    /// <summary>Their length, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Whether nothing is left to expand.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The cursor that this one continues; it is needed no more once this one has been read.</summary>
    public string? Before { get; init; }
}
