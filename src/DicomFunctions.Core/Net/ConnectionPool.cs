namespace DicomFunctions.Core.Net;

/// <summary>Makes the connection pool of a service.</summary>
internal static class ConnectionPool
{
    public static SocketsHttpHandler Create() => new()
    {
        // A redirect would carry the token to another server.
        AllowAutoRedirect = false,
        UseCookies = false,
        // DNS answers change: connections are not kept for ever.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // A trace header tells the server nothing, and would cost on every request. Spans of requests are our own, without URLs.
        ActivityHeadersPropagator = null,
    };
}
