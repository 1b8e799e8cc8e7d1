using System.Buffers;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Lists <c>drop/incoming</c> and creates a job of the files that have settled, each at its current version. Files with an error that says
/// they are left at this version stay. Repeated after its answer was lost, it returns the job it has created.
/// </summary>
internal sealed class CollectDrop(
    JobStore jobStore,
    JobDrafts drafts,
    IObjectStore store,
    DropErrors errors,
    IOptions<DropOptions> options,
    IOptions<JobOptions> jobOptions,
    TimeProvider time) : IActivity<string, DropRound>
{
    /// <summary>Added to the wait, so that the next look finds the file settled.</summary>
    private static readonly TimeSpan AfterSettling = TimeSpan.FromMilliseconds(10);

    /// <summary>Files with a future timestamp: the version of each, and since when it was seen.</summary>
    private Dictionary<string, (string Version, long Since)> _ofTheFuture = [];

    public async Task<DropRound> RunAsync(string input, CancellationToken cancellationToken)
    {
        var drop = options.Value;
        if (!drop.IsEnabled)
            return new DropRound { Files = 0 };
        if (await jobStore.FindSpecAsync(input, cancellationToken).ConfigureAwait(false) is { } made)
            return RoundOf(made);
        var router = new DropRouter(drop);
        var left = new LeftFiles(store, errors);
        var most = Math.Min(drop.MaxFilesPerJob, jobOptions.Value.MaxInputs);
        var now = time.GetUtcNow();
        var settled = now - drop.SettleTime;
        var ofTheFuture = new Dictionary<string, (string Version, long Since)>();
        DateTimeOffset? youngest = null;
        var draft = drafts.Create(JobKind.Upload, id: input);
        await using (draft.ConfigureAwait(false))
        {
            var line = new ArrayBufferWriter<byte>();
            await foreach (var file in store.ListAsync(DropFolder.Incoming, cancellationToken).ConfigureAwait(false))
            {
                var written = file.LastModified;
                if (written > now)
                {
                    // The clock that set it may be ahead by years, so the file's age is how long it was seen unchanged.
                    var isSame = _ofTheFuture.TryGetValue(file.Name, out var seen) && seen.Version == file.ETag;
                    var since = isSame ? seen.Since : time.GetTimestamp();
                    ofTheFuture[file.Name] = (file.ETag, since);
                    written = now - time.GetElapsedTime(since);
                }

                if (written > settled)
                {
                    youngest = youngest > written ? youngest : written;
                    continue;
                }

                var isNameable = ObjectName.Problem(file.Name) is null;
                var name = isNameable ? file.Name : DropNames.Nameable(file.Name, file.ETag);
                if (await left.IncludesAsync(file.Name, name, file.ETag, cancellationToken).ConfigureAwait(false))
                    continue;
                if (!isNameable)
                {
                    // The next listing finds it by its new name, after the settle time.
                    if (await UnnameableFile.TryRenameAsync(store, errors, file, name, cancellationToken).ConfigureAwait(false))
                        youngest = now;
                    continue;
                }

                line.ResetWrittenCount();
                router.Route(file.Name, file.ETag).WriteTo(line);
                await draft.AddAsync(line.WrittenSpan, cancellationToken).ConfigureAwait(false);
                if (draft.Count == most)
                    break;
            }

            _ofTheFuture = ofTheFuture;
            var round = new DropRound { Files = 0 };
            if (draft.Count > 0)
            {
                var submission = new JobSubmission
                {
                    Kind = JobKind.Upload,
                    Destination = drop.Destination,
                    MaxWorkers = drop.MaxWorkers,
                    Owner = DropActivities.InstanceId,
                    SubmittedBy = DropActivities.InstanceId,
                };
                round = RoundOf(await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false));
            }

            return round with { SettlesIn = youngest - settled + AfterSettling };
        }
    }

    private DropRound RoundOf(JobSpec spec) =>
        new() { Files = spec.Inputs!.Value, Plan = JobPlan.For(spec, spec.Inputs.Value, jobOptions.Value) };
}
