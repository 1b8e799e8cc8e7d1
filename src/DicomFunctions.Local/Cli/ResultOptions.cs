using System.CommandLine;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tables;

namespace DicomFunctions.Local.Cli;

/// <summary>The options that say how and where to write a job's records.</summary>
internal sealed class ResultOptions
{
    private readonly Option<string?> _format = new("--format", "-f")
    {
        Description = "How to write the records: as JSON, or as a table with a row for each data set (search) or input. Default: ndjson.",
        HelpName = "csv|parquet|ndjson|json",
        CompletionSources = { "csv", "parquet", "ndjson", "json" },
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var name] && !ResultFormats.TryParse(name.Value, out _))
                    result.AddError($"--format must be {ResultFormats.Names}.");
            },
        },
    };

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "The columns of a table: keywords such as PatientID, tags such as 00091001, input_index, success, status, error, …",
        HelpName = "A,B,…",
    };

    private readonly Option<bool> _raw = new("--raw")
    {
        Description = "Leave text that a spreadsheet would run as a formula as it is, without an apostrophe (csv).",
    };

    private readonly Option<FileInfo?> _output = new("--output", "-o")
    {
        Description = "The file to write, which appears once it is whole. Default: standard output.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_format);
        command.Add(_columns);
        command.Add(_raw);
        command.Add(_output);
    }

    /// <summary>Reads and checks the options, before anything is run.</summary>
    /// <exception cref="UsageException">There is no such column, or the options do not go together.</exception>
    public ResultsQuery Read(ParseResult parsed)
    {
        var format = parsed.GetValue(_format) is { } name && ResultFormats.TryParse(name, out var known) ? known : ResultFormat.Ndjson;
        var query = new ResultsQuery(format, ResultsQuery.ColumnsOf(parsed.GetValue(_columns)), parsed.GetValue(_raw));
        if (query.Problem is { } problem)
            throw new UsageException($"--{problem.Key} {problem.Text}");
        if (format == ResultFormat.Parquet && parsed.GetValue(_output) is null && !Console.IsOutputRedirected)
            throw new UsageException("Parquet is not for a terminal: give --output FILE, or redirect standard output.");
        try
        {
            TableColumns.Choose(query.Columns);
        }
        catch (TableException exception)
        {
            throw new UsageException($"--columns: {exception.Message}");
        }

        return query;
    }

    /// <summary>Writes a job's records.</summary>
    /// <exception cref="UsageException">There is no such job, or it has too many columns for a table.</exception>
    public async Task WriteAsync(
        JobSession session, ParseResult parsed, string id, RecordFilter filter, ResultsQuery query, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_output) is not { } file)
        {
            var output = Console.OpenStandardOutput();
            await using (output.ConfigureAwait(false))
                await CopyAsync(session, id, filter, query, output, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A link stays a link. One that leads to no name, as /dev/stdout may, is opened as it is.
        var target = file.LinkTarget is null ? null : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        await WriteFileAsync(
            target is not null && FileCalls.Stat(target) is not null ? target : file.FullName,
            output => CopyAsync(session, id, filter, query, output, cancellationToken)).ConfigureAwait(false);
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
                File.Move(draft, path, overwrite: true);
        }
        finally
        {
            if (isReplaced)
                File.Delete(draft);
        }
    }

    private static async Task CopyAsync(
        JobSession session, string id, RecordFilter filter, ResultsQuery query, Stream output, CancellationToken cancellationToken)
    {
        if (!query.Format.IsTable())
        {
            await session.Jobs.CopyResultsAsync(id, filter, query.Format == ResultFormat.Json, output, cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        try
        {
            var table = await session.Tables.OpenAsync(id, filter, query.Columns, cancellationToken).ConfigureAwait(false)
                ?? throw new UsageException("There is no such job.");
            await table.CopyToAsync(
                query.Format == ResultFormat.Csv ? TableFormat.Csv : TableFormat.Parquet, query.IsRaw, output, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TableException exception)
        {
            throw new UsageException($"{exception.Message} Name them with --columns.");
        }
    }
}
