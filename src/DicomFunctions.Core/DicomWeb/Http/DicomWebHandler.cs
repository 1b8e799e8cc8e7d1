using System.Net;

namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>Makes the connection pool that all requests to DICOM stores share.</summary>
internal static class DicomWebHandler
{
    public static SocketsHttpHandler Create(DicomWebOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
        // DNS answers change: connections are not kept for ever.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        EnableMultipleHttp2Connections = true,
        // What DICOM servers speak, Google's among them; each further one would be written into every request.
        AutomaticDecompression = DecompressionMethods.GZip,
        AllowAutoRedirect = false,
        UseCookies = false,
        // A trace header tells the server nothing, and would cost on every request.
        ActivityHeadersPropagator = null,
    };
}
