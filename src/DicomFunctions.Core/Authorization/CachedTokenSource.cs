namespace DicomFunctions.Core.Authorization;

/// <summary>
/// Keeps a token for a minute, then fetches it again: often enough that it never expires here (Google's credentials renew theirs minutes
/// before expiry), and rarely enough to cost nothing. Concurrent callers share one fetch.
/// </summary>
internal abstract class CachedTokenSource(TimeProvider time) : IAccessTokenSource, IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Entry? _current;
    private volatile string? _refused;

    public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) =>
        _current is { } current && IsFresh(current) ? new(current.Token) : new(FetchOnceAsync(cancellationToken));

    public void Invalidate(string token)
    {
        if (_current is not { } current || !string.Equals(current.Token, token, StringComparison.Ordinal))
            return;

        // Before the token is removed, so that whoever fetches the next one knows which was refused.
        _refused = token;
        Interlocked.CompareExchange(ref _current, null, current);
    }

    public virtual void Dispose() => _gate.Dispose();

    /// <summary>Fetches a token; if possible, another than <paramref name="refused"/>.</summary>
    /// <exception cref="AccessTokenException">No token could be obtained.</exception>
    protected abstract Task<string> FetchAsync(string? refused, CancellationToken cancellationToken);

    private bool IsFresh(Entry entry) => time.GetElapsedTime(entry.FetchedAt) < Lifetime;

    private async Task<string?> FetchOnceAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is { } current && IsFresh(current))
                return current.Token;
            var token = await FetchAsync(_refused, cancellationToken).ConfigureAwait(false);
            _refused = null;
            _current = new Entry(token, time.GetTimestamp());
            return token;
        }
        finally
        {
            _gate.Release();
        }
    }

    private sealed record Entry(string Token, long FetchedAt);
}
