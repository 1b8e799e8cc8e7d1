using System.IO.Compression;
using System.Text;

namespace DicomFunctions.Integration.Network;

/// <summary>Answers that stop before their end, some where HTTP shows it, some where only the content does.</summary>
internal static class Cuts
{
    private static readonly Dictionary<string, Func<HttpAnswer, byte[]>> Makers = new()
    {
        ["shorter than its length"] = answer => answer.With($"Content-Length: {answer.Body.Length}", Half(answer)),
        ["whole, and shorter than its length"] = answer => answer.With($"Content-Length: {answer.Body.Length + 10}", answer.Body),
        ["a length that cuts it"] = answer => answer.With($"Connection: close\r\nContent-Length: {answer.Body.Length / 2}", Half(answer)),
        ["in the middle of a chunk"] = answer => answer.With("Transfer-Encoding: chunked", Chunk(answer.Body.Length, Half(answer))),
        ["whole, without the last chunk"] = answer => answer.With("Transfer-Encoding: chunked", Chunk(answer.Body.Length, answer.Body)),
        ["without the last chunk"] = answer => answer.With("Transfer-Encoding: chunked", Chunk(answer.Body.Length / 2, Half(answer))),
        ["up to the end of the connection"] = answer => answer.With("Connection: close", Half(answer)),
        ["nothing up to the end of the connection"] = answer => answer.With("Connection: close", []),
        ["gzip, cut in the middle"] = answer => Gzip(answer, bytes => bytes[..(bytes.Length / 2)]),
        ["gzip, cut in its header"] = answer => Gzip(answer, bytes => bytes[..5]),
        ["gzip, with a byte changed"] = answer => Gzip(answer, bytes => [.. bytes[..20], (byte)(bytes[20] ^ 0x55), .. bytes[21..]]),
    };

    public static IEnumerable<string> Names => Makers.Keys;

    public static Toxic Toxic(string name) => new() { Distort = Makers[name], Ending = Ending.Close };

    private static ReadOnlySpan<byte> Half(HttpAnswer answer) => answer.Body.AsSpan(0, answer.Body.Length / 2);

    private static byte[] Chunk(int length, ReadOnlySpan<byte> bytes) => [.. Encoding.ASCII.GetBytes($"{length:X}\r\n"), .. bytes];

    private static byte[] Gzip(HttpAnswer answer, Func<byte[], byte[]> cut)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(answer.Body);
        var bytes = cut(zipped.ToArray());
        return answer.With($"Content-Encoding: gzip\r\nContent-Length: {bytes.Length}", bytes);
    }
}
