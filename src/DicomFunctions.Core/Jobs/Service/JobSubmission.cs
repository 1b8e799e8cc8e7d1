namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What a new job is to do, beside its inputs.</summary>
public sealed record JobSubmission
{
    public required JobKind Kind { get; init; }

    /// <summary>The most inputs a batch may hold; null: the configured default.</summary>
    public int? BufferSize { get; init; }

    /// <summary>The most batches in flight; null: the configured default.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>Where an upload goes, <c>projects/…/dicomStores/…</c>.</summary>
    public string? Destination { get; init; }

    /// <summary>The inputs of an upload are not sources but files themselves, in base64.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>How far searches for instances are put together.</summary>
    public Collapse Collapse { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The workflow instance that runs it, where that is not the job's own.</summary>
    public string? Instance { get; init; }
}
