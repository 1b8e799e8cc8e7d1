using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn upload</c>: files, folders, globs, <c>gs://</c> objects, and instances of DICOMweb servers.</summary>
internal static class UploadCommand
{
    /// <summary>Prefixes of sources that are not paths.</summary>
    private static readonly string[] Schemes = ["gs://", "gcs://", "file:", "dicomweb:"];

    private static readonly Argument<string[]> Sources = new("source")
    {
        Description = "Files, folders, globs, gs://bucket/prefix/*.dcm (also written gcs://), or dicomweb:SERVER/studies/STUDY. SERVER is "
            + "a store's path (projects/…/dicomStores/STORE/dicomWeb) or a name from the settings (Sources:DicomWeb:NAME).",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { CommonOptions.RefuseOptions },
    };

    private static readonly Option<string?> Input = new("--input", "-i")
    {
        Description = "A file of sources (a JSON array of strings, or NDJSON): file:/absolute/path, gs://…, dicomweb:…; "
            + "- for standard input.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("upload", "Upload DICOM files (STOW-RS). Records go to standard output, one per line.")
        {
            Sources, Input,
            CommonOptions.Store, CommonOptions.BaseUrl, CommonOptions.TokenFile, CommonOptions.MaxWorkers, CommonOptions.BufferSize,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var store = CommonOptions.FindStore(parsed) ?? throw new UsageException("Give --store or --base-url.");
            var sources = parsed.GetValue(Sources)!;
            if (sources.Length == 0 == parsed.GetValue(Input) is null)
                throw new UsageException("Give sources or --input.");
            var settings = WithOwnFiles(CommonOptions.Settings(parsed));
            var inputs = parsed.GetValue(Input) is { } file
                ? InputSource.ReadAsync(file, "inputs", cancellationToken)
                : Given(sources);
            var submission = new JobSubmission { Kind = JobKind.Upload, Destination = store.ToString() };
            return JobRun.SubmitAsync(
                settings, CommonOptions.Again(parsed), jobs => jobs.SubmitAsync(submission, inputs, cancellationToken), cancellationToken);
        });
        return command;
    }

    /// <summary>Allows every file: on the command line, the operating system decides what the user may read.</summary>
    public static Dictionary<string, string?> WithOwnFiles(Dictionary<string, string?> settings)
    {
        settings[$"{SourceOptions.SectionName}:{nameof(SourceOptions.AllowedRoots)}:0"] = "/";
        return settings;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Given(string[] sources)
    {
        foreach (var source in sources)
        {
            var output = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(output))
                json.WriteStringValue(Reference(source));
            yield return output.WrittenMemory;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static string Reference(string source) =>
        Schemes.Any(scheme => source.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ? source
            : "file:" + Path.GetFullPath(source) + (Directory.Exists(source) && !source.EndsWith('/') ? "/" : "");
}
