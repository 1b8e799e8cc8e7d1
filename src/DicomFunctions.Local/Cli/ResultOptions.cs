using System.CommandLine;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Tables;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>The options that say how and where to write a job's records.</summary>
internal sealed class ResultOptions
{
    private const string Json = "json";
    private const string Table = "table";

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

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "How to print the records, json or table, or the file to write, which appears once it is whole. Default: a table on "
            + "a terminal, otherwise JSON, one record per line.",
        HelpName = "json|table|FILE",
        CompletionSources = { Json, Table },
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
    public ResultTarget Read(ParseResult parsed)
    {
        var name = parsed.GetValue(_format);
        var output = parsed.GetValue(_output);
        var isTable = output == Table || (output is null && name is null && !Console.IsOutputRedirected);
        if (name is not null && output is Json or Table && name != output)
            throw new UsageException($"--format {name} does not go with --output {output}.");
        var format = isTable ? ResultFormat.Csv
            : name is not null && ResultFormats.TryParse(name, out var known) ? known
            : ResultFormat.Ndjson;
        var query = new ResultsQuery(format, ResultsQuery.ColumnsOf(parsed.GetValue(_columns)), parsed.GetValue(_raw));
        if (query.Problem is { } problem)
            throw new UsageException($"--{problem.Key} {problem.Text}");
        var file = output is null or Json or Table ? null : new FileInfo(output);
        if (format == ResultFormat.Parquet && file is null && !Console.IsOutputRedirected)
            throw new UsageException("Parquet is not for a terminal: give --output FILE, or redirect standard output.");
        try
        {
            TableColumns.Choose(query.Columns);
        }
        catch (TableException exception)
        {
            throw new UsageException($"--columns: {exception.Message}");
        }

        return new ResultTarget(query, isTable, file, CommonOptions.Again(parsed));
    }

    /// <summary>Whether an option of this kind, or else standard output, asks for a table.</summary>
    public static bool IsTable(string? output) => output is null ? !Console.IsOutputRedirected : output == Table;

    /// <summary>The option of commands that print something else than records, and write no files.</summary>
    public static Option<string?> CreateOutput() => new("--output", "-o")
    {
        Description = "How to print. Default: a table on a terminal, otherwise JSON, one object per line.",
        HelpName = "json|table",
        CompletionSources = { Json, Table },
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var word] && word.Value is not (Json or Table))
                    result.AddError("--output must be json or table.");
            },
        },
    };
}
