namespace DicomFunctions.Core.Sources;

/// <summary>A source open for reading, once, from its start. Never empty.</summary>
public sealed class OpenedSource : IAsyncDisposable
{
    private readonly SourceStream _content;
    private readonly Func<CancellationToken, ValueTask<bool>> _isUnchanged;
    private readonly IDisposable? _owner;

    /// <summary>Wraps a stream of a provider's.</summary>
    /// <param name="content">Read to at most <paramref name="length"/>; disposed with this.</param>
    /// <param name="length">What the place says of its length, in bytes.</param>
    /// <param name="version">Changes whenever the content does (an ETag, a generation); null when the place has none.</param>
    /// <param name="isUnchanged">Asks the place whether what was opened is still what is there.</param>
    /// <param name="owner">Disposed after the stream.</param>
    public OpenedSource(
        Stream content, long length, string? version, Func<CancellationToken, ValueTask<bool>> isUnchanged, IDisposable? owner = null)
    {
        _content = new SourceStream(content, length);
        _isUnchanged = isUnchanged;
        _owner = owner;
        Length = length;
        Version = version;
    }

    /// <summary>
    /// The bytes, forward only: never more than <see cref="Length"/>, whatever the source has grown to. A reading that fails throws,
    /// and is told by <see cref="ReadProblem"/>, so that it can be told from a failure of where the bytes were going.
    /// </summary>
    public Stream Content => _content;

    /// <summary>In bytes, as it was when opened; at least 1.</summary>
    public long Length { get; }

    /// <summary>Changes whenever the content does; compared, never parsed. Null when the place has none.</summary>
    public string? Version { get; }

    /// <summary>Why reading <see cref="Content"/> failed or ended before <see cref="Length"/>; null while it did neither.</summary>
    public SourceProblem? ReadProblem => _content.Problem;

    /// <summary>
    /// Tells, after the content was read, whether every byte came and they were all of one version: false when the reading ended
    /// early, or the source changed since it was opened.
    /// </summary>
    public async ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        ReadProblem is null && await _isUnchanged(cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync().ConfigureAwait(false);
        _owner?.Dispose();
    }
}
