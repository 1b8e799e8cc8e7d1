using System.Globalization;
using System.Text;

namespace DicomFunctions.Integration.Network;

/// <summary>A whole answer, and what is left of one.</summary>
/// <param name="Head">The status line and the headers but those of length and connection, each with its line end.</param>
/// <param name="Body">The body, out of its chunks.</param>
internal sealed record HttpAnswer(string Head, byte[] Body)
{
    /// <summary>The answer with these headers and this in place of its body.</summary>
    public byte[] With(string headers, ReadOnlySpan<byte> body) => [.. Encoding.ASCII.GetBytes($"{Head}{headers}\r\n\r\n"), .. body];

    /// <summary>Reads an answer to its end.</summary>
    public static async Task<HttpAnswer> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var (length, isChunked) = (0L, false);
        while (await LineAsync(stream, cancellationToken) is { Length: > 0 } line)
        {
            var (name, value) = line.Split(": ", 2) is [var before, var after] ? (before.ToUpperInvariant(), after) : (line, "");
            if (name == "CONTENT-LENGTH")
                length = long.Parse(value, CultureInfo.InvariantCulture);
            else if (name == "TRANSFER-ENCODING")
                isChunked = true;
            else if (name is not "CONNECTION")
                head.Append(line).Append("\r\n");
        }

        using var body = new MemoryStream();
        if (!isChunked)
        {
            await CopyAsync(stream, length, body, cancellationToken);
            return new HttpAnswer(head.ToString(), body.ToArray());
        }

        while (await LengthAsync(stream, cancellationToken) is > 0 and var chunk)
        {
            await CopyAsync(stream, chunk, body, cancellationToken);
            await LineAsync(stream, cancellationToken);
        }

        await LineAsync(stream, cancellationToken);
        return new HttpAnswer(head.ToString(), body.ToArray());
    }

    private static async Task<long> LengthAsync(Stream stream, CancellationToken cancellationToken) =>
        long.Parse(await LineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static async Task<string> LineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }

    private static async Task CopyAsync(Stream stream, long length, MemoryStream into, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        into.Write(bytes);
    }
}
