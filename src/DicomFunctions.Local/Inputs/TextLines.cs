using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using DicomFunctions.Core.Jobs.Inputs;

namespace DicomFunctions.Local.Inputs;

/// <summary>Lines of UTF-8 text, or texts separated by NUL. Empty ones are left out.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="content">The text.</param>
    /// <param name="isNulSeparated">Whether texts end with NUL, and line breaks belong to them.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="InputFormatException">A text is too long or not UTF-8; the message says which.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(
        PipeReader content, bool isNulSeparated, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var separator = isNulSeparated ? (byte)0 : (byte)'\n';
        for (var number = 1; ;)
        {
            var result = await content.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (buffer.PositionOf(separator) is { } end)
            {
                if (Text(buffer.Slice(0, end), isNulSeparated, number++) is { Length: > 0 } text)
                    yield return text;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > InputSource.MaxValueBytes)
                throw new InputFormatException($"{Name(isNulSeparated)} {number} is over {InputSource.MaxValueBytes} bytes long.");
            if (result.IsCompleted)
            {
                if (Text(buffer, isNulSeparated, number) is { Length: > 0 } last)
                    yield return last;
                yield break;
            }

            content.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static string Name(bool isNulSeparated) => isNulSeparated ? "Text" : "Line";

    private static string Text(in ReadOnlySequence<byte> bytes, bool isNulSeparated, int number)
    {
        try
        {
            var text = Strict.GetString(bytes);
            if (number == 1)
                text = text.TrimStart('\uFEFF');
            return isNulSeparated ? text : text.TrimEnd('\r');
        }
        catch (DecoderFallbackException)
        {
            throw new InputFormatException($"{Name(isNulSeparated)} {number} is not UTF-8.");
        }
    }
}
