using System.Buffers;
using System.CommandLine;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn upload</c>: files, folders, globs, <c>gs://</c> objects, and instances of DICOMweb servers.</summary>
internal static class UploadCommand
{
    private static readonly Argument<string[]> Sources = new("source")
    {
        Description = "Files, folders, zip files, globs, gs://bucket/prefix/*.dcm (also written gcs://), or dicomweb:SERVER/studies/STUDY. "
            + "SERVER is a store's path (projects/…/dicomStores/STORE/dicomWeb) or a name from the settings (Sources:DicomWeb:NAME). With "
            + "--server, files are sent from this machine; the server reads file:, gs:// and dicomweb: sources.",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { CommonOptions.RefuseOptions },
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of sources, as lines, CSV of one column with the header 'source', or JSON; - for standard input. Relative "
            + "paths start from the working directory.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Nul = new("--null", "-0")
    {
        Description = "The sources of --input are separated by NUL, as 'find -print0' writes them.",
    };

    private static readonly Option<string[]> Include = Globs(
        "--include", "Of folders and zip files, only the files that match one of these.");

    private static readonly Option<string[]> Exclude = Globs(
        "--exclude", "Of folders and zip files, not the files that match one of these.");

    public static Command Create()
    {
        var results = new ResultOptions();
        var command = new Command("upload", "Upload DICOM files (STOW-RS).")
        {
            Sources, Input, Nul, Include, Exclude,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile,
            CommonOptions.MaxWorkers, CommonOptions.BufferSize, CommonOptions.FailFast, CommonOptions.Label,
        };
        results.AddTo(command);
        command.AddJobOptions();
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, results, cancellationToken));
        return command;
    }

    /// <summary>Allows every file: on the command line, the operating system decides what the user may read.</summary>
    public static Dictionary<string, string?> WithOwnFiles(Dictionary<string, string?> settings)
    {
        settings[$"{SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)}:0"] = "/";
        return settings;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ResultOptions results, CancellationToken cancellationToken)
    {
        var store = CommonOptions.FindStore(parsed) ?? throw new UsageException("Give --store or --base-url.");
        var sources = parsed.GetValue(Sources)!;
        if (sources.Length == 0 == parsed.GetValue(Input) is null)
            throw new UsageException("Give sources or --input.");
        if (parsed.GetValue(Nul) && parsed.GetValue(Input) is null)
            throw new UsageException("--null is for sources of --input.");
        var filter = new FileFilter(parsed.GetRequiredValue(Include), parsed.GetRequiredValue(Exclude));
        if (filter.IsGiven && sources.FirstOrDefault(source => !LocalFiles.IsPath(source)) is { } other)
            throw new UsageException($"--include and --exclude are for folders and zip files of this machine, not for {other}.");
        var given = parsed.GetValue(Input) is { } list
            ? SourceList.ReadAsync(list, parsed.GetValue(Nul), cancellationToken)
            : sources.Select(source => new UploadInput(source)).ToAsyncEnumerable();
        var files = new LocalFiles(filter);
        var submission = CommonOptions.Submission(parsed, JobKind.Upload) with { Destination = store.ToString() };
        var again = CommonOptions.Again(parsed);
        if (JobHosts.TryOpenServer(parsed) is { } server)
        {
            var target = results.Read(parsed);
            if (target is { IsTable: false, Query.Format: not Core.Api.ResultFormat.Ndjson } or { File: not null })
                throw new UsageException("With --server, upload prints its records: --format and files are for 'dicomfn jobs results'.");
            await using (server.ConfigureAwait(false))
            {
                return await new RemoteUpload(server, parsed, submission, target.IsTable, again, cancellationToken)
                    .RunAsync(given, files, filter).ConfigureAwait(false);
            }
        }

        return await new JobRun(parsed, results, again, cancellationToken).SubmitAsync(
            () => WithOwnFiles(CommonOptions.Settings(parsed)),
            async jobs =>
            {
                var inputs = Lines(given, files, cancellationToken);
                var id = await jobs.SubmitAsync(submission, inputs, cancellationToken).ConfigureAwait(false);
                if (filter.PassedOver is { } passedOver && !parsed.GetValue(CommonOptions.Quiet))
                    await Console.Error.WriteLineAsync(passedOver).ConfigureAwait(false);
                return id;
            }).ConfigureAwait(false);
    }

    /// <summary>The inputs of the job: what the user named, with an input for each file of this machine.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(
        IAsyncEnumerable<UploadInput> given, LocalFiles files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var source in given.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await foreach (var input in files.FindAsync(source, cancellationToken).ConfigureAwait(false))
            {
                var line = new ArrayBufferWriter<byte>();
                input.WriteTo(line);
                yield return line.WrittenMemory;
            }
        }
    }

    private static Option<string[]> Globs(string name, string description) => new(name)
    {
        Description = description + " A glob without a slash is for names (*.dcm); with one, for paths below the folder (scan/**). May be "
            + "repeated. Case counts.",
        HelpName = "GLOB",
        DefaultValueFactory = _ => [],
    };
}
