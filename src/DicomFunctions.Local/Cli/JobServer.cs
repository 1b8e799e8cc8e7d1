using System.CommandLine;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Storage;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>The server of a job that a command continues: always the one in its job.json.</summary>
internal static class JobServer
{
    /// <summary>
    /// The command's settings for a data directory, with the job's server unless the command line or the environment names it.
    /// </summary>
    /// <exception cref="CommandFailedException">There is no such job, or it is for a server other than the one named.</exception>
    public static async Task<Func<Dictionary<string, string?>>> SettingsAsync(
        ParseResult parsed, string id, CancellationToken cancellationToken)
    {
        if (JobHosts.IsRemote(parsed))
            return static () => [];
        var settings = UploadCommand.WithOwnFiles(CommonOptions.SettingsWithoutServer(parsed));
        using var host = JobSession.Build(settings, _ => { });
        var server = host.Services.GetRequiredService<DicomServer>();
        var spec = await host.Services.GetRequiredService<JobStore>().FindSpecAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException("There is no such job.");
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        if (parsed.GetValue(CommonOptions.BaseUrl) is { } url)
        {
            var isRoot = parsed.GetValue(CommonOptions.Store) is null
                && (spec.AcceptedFor?.IsRoot
                    ?? await IsForNamelessStoreAsync(host.Services.GetRequiredService<IObjectStore>(), spec, cancellationToken)
                        .ConfigureAwait(false));
            var named = new DicomServer(url, isRoot);
            Check(spec, named, "Omit --base-url and --store: the job knows its server.");
            CommonOptions.SetServer(settings, named, parsed);
        }
        else if ((configuration[CommonOptions.ServiceRootKey] ?? configuration[CommonOptions.BaseUrlKey]) is not null)
        {
            Check(
                spec,
                server,
                "Unset DicomFunctions__DicomWeb__BaseUrl and DicomFunctions__DicomWeb__ServiceRoot: the job knows its server.");
        }
        else if (spec.AcceptedFor is { } accepted)
        {
            CommonOptions.SetServer(settings, accepted, parsed);
        }
        else
        {
            Check(spec, server, "An earlier build made it and did not store the whole address: give it with --base-url.");
        }

        return () => settings;
    }

    private static void Check(JobSpec spec, DicomServer server, string whatToDo)
    {
        if (!spec.IsFor(server))
        {
            throw new CommandFailedException(
                $"The job is for {(object?)spec.AcceptedFor ?? spec.Server}, not {server}. Nothing was sent. {whatToDo}");
        }
    }

    /// <summary>
    /// Distinguishes a DICOMweb root from a prefix of store paths, which earlier builds did not store: only at a root is the store
    /// nameless.
    /// </summary>
    private static async Task<bool> IsForNamelessStoreAsync(IObjectStore store, JobSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Kind == JobKind.Upload)
            return spec.Destination == CommonOptions.NamelessStore;
        var input = new JobFiles(spec.Id).Input;
        var content = await store.OpenReadAsync(input, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return false;
        await using (content.ConfigureAwait(false))
        {
            await foreach (var line in LineReader.ReadAsync(content, cancellationToken).ConfigureAwait(false))
            {
                var named = spec.Kind == JobKind.Retrieve
                    ? RetrieveRequestReader.TryRead(line.Span, spec.RetrieveType, out var retrieve, out _, out _) ? retrieve.Store : null
                    : SearchInput.Parse(spec.Kind, line).Request?.Store;
                return named?.ToString() == CommonOptions.NamelessStore;
            }
        }

        return false;
    }
}
