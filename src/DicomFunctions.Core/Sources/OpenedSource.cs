namespace DicomFunctions.Core.Sources;

/// <summary>A source that is open for reading once, from its start. Never empty.</summary>
internal sealed class OpenedSource : IAsyncDisposable
{
    private readonly SourceStream _content;
    private readonly Func<CancellationToken, ValueTask<bool>> _isUnchanged;
    private readonly IDisposable? _owner;

    /// <summary>Wraps a provider's stream.</summary>
    /// <param name="content">Read up to <paramref name="length"/>; disposed with this.</param>
    /// <param name="length">The length in bytes that the provider announced; null if it does not know it.</param>
    /// <param name="version">Changes whenever the content does (an ETag, a generation); null if the provider has none.</param>
    /// <param name="isUnchanged">Whether the provider still has what was opened.</param>
    /// <param name="owner">Disposed after the stream.</param>
    public OpenedSource(
        Stream content, long? length, string? version, Func<CancellationToken, ValueTask<bool>> isUnchanged, IDisposable? owner = null)
    {
        _content = new SourceStream(content, length);
        _isUnchanged = isUnchanged;
        _owner = owner;
        Length = length;
        Version = version;
    }

    /// <summary>
    /// The bytes, forward only: never more than <see cref="Length"/>, even if the source has grown. A failed read throws and sets
    /// <see cref="ReadProblem"/>, which distinguishes it from a failure to write the bytes.
    /// </summary>
    public Stream Content => _content;

    /// <summary>The length in bytes when it was opened; at least 1. Null if it is not known before the end.</summary>
    public long? Length { get; }

    /// <summary>Changes whenever the content does. Compare it, but do not parse it. Null if the provider has none.</summary>
    public string? Version { get; }

    /// <summary>Why reading <see cref="Content"/> failed or ended before <see cref="Length"/>; null if it did not.</summary>
    public SourceProblem? ReadProblem => _content.Problem;

    /// <summary>
    /// Whether every byte was read and all were of the same version. False if the content ended early, or the source changed since it was
    /// opened. Call it after reading.
    /// </summary>
    public async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        ReadProblem is null && await _isUnchanged(cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync().ConfigureAwait(false);
        _owner?.Dispose();
    }
}
