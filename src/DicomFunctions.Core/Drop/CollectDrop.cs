using System.Buffers;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Lists <c>drop/incoming</c> and makes a job of the files that have settled, each at the version it has now. Repeated after its answer
/// was lost, it gives the job it has made.
/// </summary>
internal sealed class CollectDrop(JobContext jobs, IOptions<DropOptions> options) : IActivity<string, DropRound>
{
    public async Task<DropRound> RunAsync(string input, CancellationToken cancellationToken)
    {
        var drop = options.Value;
        if (!drop.IsEnabled)
            return new DropRound { Files = 0 };
        if (await jobs.FindSpecAsync(input, cancellationToken).ConfigureAwait(false) is { Inputs: { } made })
            return new DropRound { Files = made };
        var router = new DropRouter(drop);
        var settled = jobs.Time.GetUtcNow() - drop.SettleTime;
        DateTimeOffset? youngest = null;
        var draft = new JobDraft(jobs, JobKind.Upload, mayHavePatterns: false, input);
        await using (draft.ConfigureAwait(false))
        {
            var line = new ArrayBufferWriter<byte>();
            await foreach (var file in jobs.Store.ListAsync(DropNames.Incoming, cancellationToken).ConfigureAwait(false))
            {
                if (file.LastModified > settled)
                {
                    youngest = youngest > file.LastModified ? youngest : file.LastModified;
                    continue;
                }

                line.ResetWrittenCount();
                router.Route(file.Name, file.ETag).WriteTo(line);
                await draft.AddAsync(line.WrittenSpan, cancellationToken).ConfigureAwait(false);
                if (draft.Count == drop.MaxFilesPerJob)
                    break;
            }

            if (draft.Count > 0)
            {
                var submission = new JobSubmission
                {
                    Kind = JobKind.Upload,
                    Destination = drop.Destination,
                    MaxWorkers = drop.MaxWorkers,
                    Instance = DropActivities.InstanceId,
                };
                await draft.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
            }

            return new DropRound { Files = draft.Count, SettlesIn = youngest is { } time ? SettlesIn(time - settled) : null };
        }
    }

    /// <summary>At most the settle time: a file from a clock that is ahead is looked at again, not waited for.</summary>
    private TimeSpan SettlesIn(TimeSpan wait)
    {
        var most = options.Value.SettleTime + TimeSpan.FromMilliseconds(50);
        return wait < most ? wait + TimeSpan.FromMilliseconds(10) : most;
    }
}
