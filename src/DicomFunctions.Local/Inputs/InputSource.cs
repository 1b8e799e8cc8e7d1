using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Inputs;

/// <summary>What <c>--input</c> names: a file or standard input, in JSON, CSV or lines of text.</summary>
internal static class InputSource
{
    /// <summary>The most bytes of one input.</summary>
    public const int MaxValueBytes = 16 << 20;

    /// <param name="name">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="CommandFailedException">The file cannot be read.</exception>
    public static Stream Open(string name)
    {
        try
        {
            return name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"--input: cannot read '{name}': {exception.Message}", exception);
        }
    }

    /// <summary>Reads inputs in JSON, in any form that the HTTP API accepts.</summary>
    /// <param name="name">A file, or <c>-</c> for standard input.</param>
    /// <param name="arrayKey">The key of the array in a wrapping object.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string name, string arrayKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = Open(name);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var input in ReadJsonAsync(PipeReader.Create(stream), arrayKey, cancellationToken).ConfigureAwait(false))
                yield return input;
        }
    }

    /// <summary>Reads inputs in JSON.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadJsonAsync(
        PipeReader content, string arrayKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new JsonInputReader(content, arrayKey, MaxValueBytes);
        await foreach (var input in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return input.ToArray();
        if (reader.Options.Keys.FirstOrDefault() is { } option)
            throw new UsageException($"'{option}' is not supported in the file: give it as an option of the command.");
    }

    /// <summary>The first byte that is neither white space nor of a byte order mark; null if there is none. Nothing is consumed.</summary>
    public static async ValueTask<byte?> PeekAsync(PipeReader content, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await content.ReadAsync(cancellationToken).ConfigureAwait(false);
            var found = FirstOf(result.Buffer);
            // Marked as examined only if more is needed: otherwise the next read would wait for more.
            content.AdvanceTo(result.Buffer.Start, found is null ? result.Buffer.End : result.Buffer.Start);
            if (found is not null || result.IsCompleted)
                return found;
        }
    }

    /// <summary>A single input.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> One(ReadOnlyMemory<byte> input)
    {
        yield return input;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static byte? FirstOf(in ReadOnlySequence<byte> content)
    {
        var reader = new SequenceReader<byte>(content);
        reader.AdvancePastAny(" \t\r\n"u8);
        if (reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true))
            reader.AdvancePastAny(" \t\r\n"u8);
        return reader.TryPeek(out var first) ? first : null;
    }
}
