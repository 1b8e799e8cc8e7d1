using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>Makes the connection pool that all requests to DICOM stores share.</summary>
internal static class DicomWebHandler
{
    public static HttpMessageHandler Create(DicomWebOptions options) => new GunzipHandler(new SocketsHttpHandler
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
        // DNS answers change: connections are not kept for ever.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        // A trace header tells the server nothing, and would cost on every request.
        ActivityHeadersPropagator = null,
    });
}
