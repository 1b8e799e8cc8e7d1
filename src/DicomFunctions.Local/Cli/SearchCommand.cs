using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn search</c>: one search from the command line, or many from a file.</summary>
internal static class SearchCommand
{
    private static readonly Argument<string[]> Filters = new("filter")
    {
        Description = "Query parameters, KEY=VALUE: filters by keyword or tag, includefield, fuzzymatching, limit, offset.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Level = new("--level", "-l")
    {
        Description = "What to search for.",
        DefaultValueFactory = _ => "studies",
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of search request dicts (JSON, an array, or NDJSON); - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Level.AcceptOnlyFromAmong("studies", "series", "instances");
        var command = new Command("search", "Search stores (QIDO-RS). Records go to standard output, one a line.")
        {
            Filters, Level, Input,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers, CommonOptions.BufferSize,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var inputs = parsed.GetValue(Input) is { } file
                ? InputSource.ReadAsync(file, "requests", cancellationToken)
                : One(CommonOptions.FindStore(parsed) ?? throw new UsageException("Give --store, --base-url or --input."), parsed);
            var submission = new JobSubmission { Kind = JobKind.Search };
            return JobRun.SubmitAsync(
                CommonOptions.Settings(parsed), jobs => jobs.SubmitAsync(submission, inputs, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> One(DicomStorePath store, ParseResult parsed)
    {
        var request = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(request))
        {
            json.WriteStartObject();
            json.WriteString("project_id", store.ProjectId);
            json.WriteString("region", store.Region);
            json.WriteString("dataset_id", store.DatasetId);
            json.WriteString("dicom_store_id", store.DicomStoreId);
            json.WriteString("search_type", parsed.GetValue(Level));
            json.WriteStartObject("params");
            foreach (var filter in parsed.GetValue(Filters)!)
            {
                var at = filter.IndexOf('=', StringComparison.Ordinal);
                if (at <= 0)
                    throw new UsageException($"'{filter}' is not KEY=VALUE.");
                json.WriteString(filter[..at], filter[(at + 1)..]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        yield return request.WrittenMemory;
        await Task.CompletedTask.ConfigureAwait(false);
    }
}
