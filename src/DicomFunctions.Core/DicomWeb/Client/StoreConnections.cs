using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>Makes the connections that all requests to a DICOMweb server share.</summary>
internal static class StoreConnections
{
    public static GunzipHandler Create(DicomWebOptions options)
    {
        var connections = ConnectionPool.Create();
        connections.ConnectTimeout = options.ConnectTimeout;
        connections.PooledConnectionIdleTimeout = options.ConnectionIdleTimeout;
        connections.EnableMultipleHttp2Connections = true;
        return new GunzipHandler(connections);
    }
}
