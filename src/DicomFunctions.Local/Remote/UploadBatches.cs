using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Inputs;

namespace DicomFunctions.Local.Remote;

/// <summary>Divides what is to be uploaded into jobs of a server: files that are sent, and sources that the server reads.</summary>
internal static class UploadBatches
{
    /// <summary>The most files of a job, and about the most bytes: so much may be lost if the connection breaks.</summary>
    public const int MostFiles = 1_000;

    private const long MostBytes = 1L << 30;
    private const int MostReferences = 10_000;

    /// <param name="given">What the user named, in order.</param>
    /// <param name="files">Finds the files of this machine.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async IAsyncEnumerable<Batch> DivideAsync(
        IAsyncEnumerable<UploadInput> given, LocalFiles files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<UploadInput> inputs = [];
        var (isSent, bytes) = (false, 0L);
        await foreach (var one in given.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var isPath = LocalFiles.IsPath(one.Source);
            var found = isPath ? files.FindAsync(one, cancellationToken) : One(one);
            await foreach (var input in found.ConfigureAwait(false))
            {
                if (inputs.Count > 0 && (isPath != isSent || inputs.Count >= (isSent ? MostFiles : MostReferences) || bytes >= MostBytes))
                {
                    yield return new Batch(inputs, isSent);
                    (inputs, bytes) = ([], 0);
                }

                isSent = isPath;
                bytes += isPath && input.Problem is null ? LengthOf(input.Source) : 0;
                inputs.Add(input);
            }
        }

        if (inputs.Count > 0)
            yield return new Batch(inputs, isSent);
    }

    private static async IAsyncEnumerable<UploadInput> One(UploadInput input)
    {
        yield return input;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>The length of a file; of one in a zip file, a guess.</summary>
    private static long LengthOf(string reference) =>
        new FileInfo(reference[(SourceScheme.Of(reference).Length + 1)..]) is { Exists: true } file ? file.Length : 1 << 20;

    /// <param name="Inputs">The files or sources.</param>
    /// <param name="IsSent">Whether this machine reads them and sends their bytes.</param>
    internal sealed record Batch(IReadOnlyList<UploadInput> Inputs, bool IsSent);
}
