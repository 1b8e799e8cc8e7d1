using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn retrieve</c>: metadata or files of studies, series and instances.</summary>
internal static class RetrieveCommand
{
    private static readonly Argument<string[]> Uids = new("uid")
    {
        Description = "What to retrieve: a study; a study and a series; or a study, a series and an instance.",
        HelpName = "STUDY [SERIES [INSTANCE]]",
        Arity = new ArgumentArity(0, 3),
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => !DicomUid.IsValid(token.Value)))
                    result.AddError($"'{token.Value}' is not a UID.");
            },
        },
    };

    private static readonly Option<string> Type = new("--type", "-t")
    {
        Description = "What to retrieve of them: metadata goes to the records, instances become files in the data directory.",
        HelpName = "metadata|instances",
        DefaultValueFactory = _ => "metadata",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var type] && type.Value is not ("metadata" or "instances"))
                    result.AddError("--type must be metadata or instances.");
            },
        },
    };

    private static readonly Option<string?> TransferSyntax = new("--transfer-syntax")
    {
        Description = "The transfer syntax of instances; by default each is retrieved as it is stored.",
        HelpName = "UID",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var syntax] && syntax.Value != RetrieveRequest.AsStored && !DicomUid.IsValid(syntax.Value))
                    result.AddError("--transfer-syntax must be a UID.");
            },
        },
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of retrieve requests: dicts or paths (JSON, an array, or NDJSON); - for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("retrieve", "Retrieve metadata or instances (WADO-RS). Records go to standard output, one per line.")
        {
            Uids, Type, TransferSyntax, Input,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers, CommonOptions.BufferSize,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var uids = parsed.GetValue(Uids)!;
            var file = parsed.GetValue(Input);
            if (file is null == (uids.Length == 0))
                throw new UsageException("Give the UID of a study, or --input.");
            var submission = new JobSubmission
            {
                Kind = JobKind.Retrieve,
                RetrieveType = parsed.GetRequiredValue(Type) == "instances" ? RetrieveType.Instances : RetrieveType.Metadata,
                TransferSyntax = parsed.GetValue(TransferSyntax),
            };
            var inputs = file is not null
                ? InputSource.ReadAsync(file, "requests", cancellationToken)
                : InputSource.One(Request(
                    CommonOptions.FindStore(parsed) ?? throw new UsageException("Give --store, --base-url or --input."), uids));
            return JobRun.SubmitAsync(
                CommonOptions.Settings(parsed),
                CommonOptions.Again(parsed),
                jobs => jobs.SubmitAsync(submission, inputs, cancellationToken),
                cancellationToken);
        });
        return command;
    }

    /// <summary>The path of what the UIDs name, as JSON.</summary>
    private static ReadOnlyMemory<byte> Request(DicomStorePath store, string[] uids)
    {
        var levels = new[] { "studies", "series", "instances" };
        return JsonSerializer.SerializeToUtf8Bytes(
            $"{store}/dicomWeb/{string.Join('/', uids.Select((uid, i) => $"{levels[i]}/{uid}"))}", CliJson.Default.String);
    }
}
