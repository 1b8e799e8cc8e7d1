namespace DicomFunctions.Local.Hosting;

/// <summary>Tells, after the first attempt and then once a minute, that a server cannot be reached. Whoever sends goes on trying.</summary>
internal sealed class UnreachableNotice(HttpMessageHandler inner, Notices notices, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _toldAt;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ReasonOf(exception) is { } reason)
        {
            if (IsDue())
            {
                var server = request.RequestUri!.GetLeftPart(UriPartial.Authority);
                notices.Write($"Cannot reach {server}: {reason}. Trying again. Ctrl+C stops.");
            }

            throw;
        }
    }

    /// <summary>Why there was no connection; null if there was one.</summary>
    private static string? ReasonOf(Exception exception) => exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        } failure => (failure.InnerException ?? failure).Message.TrimEnd('.'),
        OperationCanceledException { InnerException: TimeoutException } => "no connection in time",
        _ => null,
    };

    private bool IsDue()
    {
        lock (_lock)
        {
            if (_toldAt is { } told && time.GetElapsedTime(told) < Interval)
                return false;
            _toldAt = time.GetTimestamp();
            return true;
        }
    }
}
