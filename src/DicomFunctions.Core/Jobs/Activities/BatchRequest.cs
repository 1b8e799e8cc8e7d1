namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>One batch: which lines of the inputs, and which blocks of which part.</summary>
public sealed record BatchRequest
{
    public required string JobId { get; init; }

    /// <summary>The results file its blocks belong to.</summary>
    public required int Part { get; init; }

    /// <summary>Its place in the part, from 0.</summary>
    public required int Batch { get; init; }

    /// <summary>Of its first line in <see cref="JobFiles.Input"/>, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>Of all its lines, in bytes.</summary>
    public required long Length { get; init; }
}
