using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Records;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn retrieve</c>: metadata or files of studies, series and instances.</summary>
internal static class RetrieveCommand
{
    private const string PathStart = "projects/";

    private static readonly string[] Levels = ["studies", "series", "instances"];

    private static readonly Argument<string[]> What = new("what")
    {
        Description = "What to retrieve: a study; a study and a series; a study, a series and an instance; or paths "
            + "(projects/…/dicomWeb/studies/…), which need no --store.",
        HelpName = "STUDY [SERIES [INSTANCE]]",
        Arity = ArgumentArity.ZeroOrMore,
        Validators =
        {
            result =>
            {
                foreach (var token in result.Tokens.Where(token => !IsPath(token.Value) && !DicomUid.IsValid(token.Value)))
                    result.AddError($"'{token.Value}' is neither a UID nor a path.");
            },
        },
    };

    private static readonly Option<string?> Level = new("--level", "-l")
    {
        Description = "What the last UIDs are, of which there may then be several: each is retrieved on its own.",
        HelpName = "studies|series|instances",
        CompletionSources = { Levels },
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var level] && !Levels.Contains(level.Value))
                    result.AddError("--level must be studies, series or instances.");
            },
        },
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "The folder for the files, as STUDY/SERIES/INSTANCE.dcm; by default they go to the data directory. Files that are "
            + "there already are kept.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Type = new("--type", "-t")
    {
        Description = "What to retrieve of them: metadata, which goes to the records (default), or instances, which become files "
            + "(default with --to).",
        HelpName = "metadata|instances",
        CompletionSources = { "metadata", "instances" },
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
        Description = "A file of retrieve requests: dicts or paths as JSON, paths as lines, or CSV whose header names params; - for "
            + "standard input. A store that they lack, --store adds.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var results = new ResultOptions();
        var command = new Command("retrieve", "Retrieve metadata or instances (WADO-RS).")
        {
            What, Level, Type, To, TransferSyntax, Input,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile,
            CommonOptions.MaxWorkers, CommonOptions.BufferSize, CommonOptions.FailFast, CommonOptions.Label,
        };
        results.AddTo(command);
        command.AddJobOptions();
        command.SetAction((parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(To);
            var type = parsed.GetValue(Type) ?? (folder is null ? "metadata" : "instances");
            if (folder is not null && type == "metadata")
                throw new UsageException("--to is for files: metadata goes to the records. Leave out --to, or --type.");
            var inputs = Inputs(parsed, type, cancellationToken);
            var submission = CommonOptions.Submission(parsed, JobKind.Retrieve) with
            {
                RetrieveType = type == "instances" ? RetrieveType.Instances : RetrieveType.Metadata,
                TransferSyntax = parsed.GetValue(TransferSyntax),
                Folder = folder is null ? null : Folder(folder),
            };
            return new JobRun(parsed, results, CommonOptions.Again(parsed), cancellationToken).SubmitAsync(
                () => CommonOptions.Settings(parsed), jobs => jobs.SubmitAsync(submission, inputs, cancellationToken));
        });
        return command;
    }

    private static bool IsPath(string what) => what.StartsWith(PathStart, StringComparison.Ordinal);

    private static IAsyncEnumerable<ReadOnlyMemory<byte>> Inputs(ParseResult parsed, string type, CancellationToken cancellationToken)
    {
        var what = parsed.GetValue(What)!;
        var file = parsed.GetValue(Input);
        if (file is null == (what.Length == 0))
            throw new UsageException("Give the UID of a study, or --input.");
        if (file is not null)
            return new RequestList(CommonOptions.FindStore(parsed), "retrieve_type", type).ReadAsync(file, cancellationToken);
        if (!what.Any(IsPath))
        {
            var store = CommonOptions.FindStore(parsed) ?? throw new UsageException("Give --store, --base-url or --input.");
            what = Paths(store, what, parsed.GetValue(Level));
        }
        else if (!what.All(IsPath) || parsed.GetValue(Level) is not null)
        {
            throw new UsageException("A path says all: give no UIDs and no --level with it.");
        }

        return what.Select(path => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(path, CliJson.Default.String))
            .ToAsyncEnumerable();
    }

    /// <summary>The paths of what the UIDs name.</summary>
    private static string[] Paths(DicomStorePath store, string[] uids, string? level)
    {
        if (level is null && uids.Length > Levels.Length)
            throw new UsageException("Give a study, a series and an instance at most, or say by --level what the last UIDs are.");
        // How many UIDs come before those that are retrieved.
        var above = level is null ? uids.Length - 1 : Array.IndexOf(Levels, level);
        if (uids.Length <= above)
        {
            var named = string.Join(", ", Levels[..(above + 1)]);
            throw new UsageException($"--level {level} needs at least {above + 1} UIDs: those of {named}.");
        }

        return
        [
            .. uids[above..].Select(last =>
                $"{store}/dicomWeb/{string.Join('/', uids[..above].Append(last).Select((uid, i) => $"{Levels[i]}/{uid}"))}"),
        ];
    }

    /// <summary>The folder as a full path. Creates it: a job would only fail later.</summary>
    private static string Folder(string folder)
    {
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException($"--to: the folder cannot be created: {exception.Message}");
        }
    }
}
