using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;

namespace DicomFunctions.Local.Cli;

/// <summary>Reads inputs from a file or standard input, in any form that the HTTP API accepts.</summary>
internal static class InputSource
{
    private const int MaxValueBytes = 16 << 20;

    /// <param name="name">A file, or <c>-</c> for standard input.</param>
    /// <param name="arrayKey">The key of the array in a wrapping object.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string name, string arrayKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = name == "-" ? Console.OpenStandardInput() : Open(name);
        await using (stream.ConfigureAwait(false))
        {
            var reader = new JsonInputReader(PipeReader.Create(stream), arrayKey, MaxValueBytes);
            await foreach (var input in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return input.ToArray();
            if (reader.Options.Keys.FirstOrDefault() is { } option)
                throw new UsageException($"'{option}' is not supported in the file: give it as an option of the command.");
        }
    }

    /// <summary>A single input.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> One(ReadOnlyMemory<byte> input)
    {
        yield return input;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static FileStream Open(string name)
    {
        try
        {
            return File.OpenRead(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read '{name}': {exception.Message}");
        }
    }
}
