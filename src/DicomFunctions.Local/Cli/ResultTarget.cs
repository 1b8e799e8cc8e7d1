using DicomFunctions.Core.Api;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Output;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>How and where to write a job's records.</summary>
/// <param name="Query">The format.</param>
/// <param name="IsTable">Whether they become a table for people.</param>
/// <param name="File">The file to write; null for standard output.</param>
/// <param name="Again">The options that name the same jobs in another command.</param>
internal sealed record ResultTarget(ResultsQuery Query, bool IsTable, FileInfo? File, string Again)
{
    /// <summary>Writes all records of a job.</summary>
    /// <exception cref="CommandFailedException">There is no such job, or it has too many columns for a table.</exception>
    public Task WriteAsync(IJobHost jobs, string id, CancellationToken cancellationToken) =>
        WriteAsync(jobs, id, RecordFilter.All, cancellationToken);

    /// <summary>Writes a job's records.</summary>
    /// <exception cref="CommandFailedException">There is no such job, or it has too many columns for a table.</exception>
    public async Task WriteAsync(IJobHost jobs, string id, RecordFilter filter, CancellationToken cancellationToken)
    {
        if (IsTable)
        {
            await RecordTable.WriteAsync(jobs, id, filter, Query.Columns, Again, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (File is null)
        {
            var output = Console.OpenStandardOutput();
            await using (output.ConfigureAwait(false))
                await jobs.CopyResultsAsync(id, filter, Query, output, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A link stays a link. One that leads to no name, as /dev/stdout may, is opened as it is.
        var target = File.LinkTarget is null ? null : File.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        await WriteFileAsync(
            target is not null && FileCalls.Stat(target) is not null ? target : File.FullName,
            output => jobs.CopyResultsAsync(id, filter, Query, output, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Writes a file under another name until it is whole: one that is cut off could pass for a whole one.</summary>
    private static async Task WriteFileAsync(string path, Func<Stream, Task> write)
    {
        // A device or a pipe is written to, never replaced.
        var isReplaced = FileCalls.Stat(path) is null or { Kind: FileKind.Regular };
        var draft = isReplaced ? $"{path}.{Path.GetRandomFileName()}.part" : path;
        try
        {
            var output = new FileStream(
                draft, isReplaced ? FileMode.CreateNew : FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            await using (output.ConfigureAwait(false))
                await write(output).ConfigureAwait(false);
            if (isReplaced)
                System.IO.File.Move(draft, path, overwrite: true);
        }
        finally
        {
            if (isReplaced)
                System.IO.File.Delete(draft);
        }
    }
}
