using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn search</c>: one search from the command line, or many from a file.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string[]> Filters = new("filter")
    {
        Description = "Query parameters, KEY=VALUE: filters by keyword or tag, includefield, fuzzymatching, limit, offset.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.ZeroOrMore,
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => !IsFilter(token.Value)))
                    result.AddError($"'{token.Value}' is neither an option nor KEY=VALUE.");
            },
        },
    };

    private static readonly Option<string> Level = new("--level", "-l")
    {
        Description = "What to search for.",
        HelpName = "studies|series|instances",
        CompletionSources = { "studies", "series", "instances" },
        DefaultValueFactory = _ => "studies",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var level] && level.Value is not ("studies" or "series" or "instances"))
                    result.AddError("--level must be studies, series or instances.");
            },
        },
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of searches: request dicts as JSON, or CSV whose header names query parameters; - for standard input. What "
            + "they lack, --store and --level add.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var results = new ResultOptions();
        var command = new Command("search", "Search stores (QIDO-RS).")
        {
            Filters, Level, Input,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile,
            CommonOptions.MaxWorkers, CommonOptions.BufferSize, CommonOptions.FailFast, CommonOptions.Label,
        };
        results.AddTo(command);
        command.AddJobOptions();
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(Input) is not null && parsed.GetValue(Filters)!.Length > 0)
                throw new UsageException("Give filters or --input, not both: requests in a file have their own params.");
            var store = CommonOptions.FindStore(parsed);
            var level = parsed.GetRequiredValue(Level);
            var levelOfInputs = store is not null || IsGiven(parsed) ? level : null;
            var inputs = parsed.GetValue(Input) is { } file
                ? new RequestList(store, "search_type", levelOfInputs).ReadAsync(file, cancellationToken)
                : InputSource.One(Request(
                    store ?? throw new UsageException("Give --store, --base-url or --input."), level, parsed.GetValue(Filters)!));
            var submission = CommonOptions.Submission(parsed, JobKind.Search);
            return new JobRun(parsed, results, CommonOptions.Again(parsed), cancellationToken).SubmitAsync(
                () => CommonOptions.Settings(parsed), jobs => jobs.SubmitAsync(submission, inputs, cancellationToken));
        });
        return command;
    }

    /// <summary>Whether the command names the level. Otherwise a complete dict that names none is a mistake of whoever wrote it.</summary>
    private static bool IsGiven(ParseResult parsed) => parsed.GetResult(Level) is { Implicit: false };

    /// <summary>The request dict of one search; if a filter is repeated, its values become an array.</summary>
    public static ReadOnlyMemory<byte> Request(DicomStorePath store, string level, string[] filters)
    {
        var request = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(request))
        {
            json.WriteStartObject();
            json.WriteString("project_id", store.ProjectId);
            json.WriteString("region", store.Region);
            json.WriteString("dataset_id", store.DatasetId);
            json.WriteString("dicom_store_id", store.DicomStoreId);
            json.WriteString("search_type", level);
            json.WriteStartObject("params");
            foreach (var filter in filters.Select(filter => filter.Split('=', 2)).GroupBy(parts => parts[0], parts => parts[1]))
                WriteFilter(json, filter.Key, [.. filter]);

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return request.WrittenMemory;
    }

    private static bool IsFilter(string text) => !text.StartsWith('-') && text.IndexOf('=', StringComparison.Ordinal) > 0;

    private static void WriteFilter(Utf8JsonWriter json, string key, string[] values)
    {
        if (values is [var only])
        {
            json.WriteString(key, only);
            return;
        }

        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
