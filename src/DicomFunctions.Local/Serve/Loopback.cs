using System.Net;

namespace DicomFunctions.Local.Serve;

/// <summary>Recognizes addresses that only this machine can reach.</summary>
internal static class Loopback
{
    public static bool Is(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <param name="host"><c>localhost</c> or an address; any other name may resolve to anything.</param>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && Is(address));

    /// <summary>Whether both ends of a connection are on this machine.</summary>
    public static bool Is(ConnectionInfo connection) => Is(connection.LocalIpAddress) && Is(connection.RemoteIpAddress);

    /// <summary>
    /// Whether an address that a server listens on, such as <c>http://127.0.0.1:7071</c>, can be reached from this machine only.
    /// </summary>
    public static bool IsListeningAddress(string address) =>
        BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } binding && Is(binding.Host);
}
