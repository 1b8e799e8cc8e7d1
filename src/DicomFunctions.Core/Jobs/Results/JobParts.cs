using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>The parts of a job, numbered from 0.</summary>
internal sealed record JobParts(IObjectStore Store, JobFiles Files, int Count)
{
    public string NameOf(int number) => Files.Part(number);

    /// <exception cref="ObjectDamagedException">The file is missing.</exception>
    public async Task<Stream> OpenAsync(int number, ObjectRange range, CancellationToken cancellationToken) =>
        await Store.OpenReadAsync(NameOf(number), range, ifMatch: null, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectDamagedException($"{NameOf(number)[Files.Prefix.Length..]} is missing.");
}
