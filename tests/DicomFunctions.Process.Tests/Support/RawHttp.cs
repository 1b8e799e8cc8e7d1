using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>Requests as no well-behaved client sends them: the target goes out as it is.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sends one request without a body and gives the status of the answer; 0 when the connection was closed without one.
    /// </summary>
    public static async Task<int> SendAsync(Uri host, string method, string target, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Host, host.Port);
        await using var stream = client.GetStream();
        var hostHeader = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal))
            ? []
            : new[] { $"Host: {host.Authority}" };
        string[] lines = [$"{method} {target} HTTP/1.1", .. hostHeader, .. headers, "Content-Length: 0", "Connection: close", "", ""];
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var status = await ReadLineAsync(reader);
        return status is null ? 0 : int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader)
    {
        try
        {
            return await reader.ReadLineAsync().WaitAsync(Deadline);
        }
        catch (IOException)
        {
            // Refused before it was read to its end.
            return null;
        }
    }
}
