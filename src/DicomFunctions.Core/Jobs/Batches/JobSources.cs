using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>The sources that a job may upload: all that callers can name, and the files of its own request.</summary>
internal sealed class JobSources(SourceCatalog sources, StoredObjects objects)
{
    /// <summary>Opens a source: see <see cref="ISourceProvider.OpenAsync"/>.</summary>
    public Task<SourceOpening> OpenAsync(string jobId, string reference, CancellationToken cancellationToken) =>
        new JobFiles(jobId).IsBody(reference)
            ? objects.OpenAsync(reference, cancellationToken)
            : sources.OpenAsync(reference, cancellationToken);
}
