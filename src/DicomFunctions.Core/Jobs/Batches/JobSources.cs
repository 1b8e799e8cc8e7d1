using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>What a job may upload: all that any caller can name, and the files that came with its own request.</summary>
internal sealed class JobSources(SourceCatalog sources, StoredObjects objects)
{
    /// <summary>Opens a source of a job: see <see cref="ISourceProvider.OpenAsync"/>.</summary>
    public Task<SourceOpening> OpenAsync(string jobId, string reference, CancellationToken cancellationToken) =>
        new JobFiles(jobId).IsBody(reference)
            ? objects.OpenAsync(reference, cancellationToken)
            : sources.OpenAsync(reference, cancellationToken);
}
