using System.Runtime.CompilerServices;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Clears the files of a job from <c>drop/incoming</c>: removes or archives stored files, and moves the others to <c>drop/failed</c> with
/// their record beside them. A file that was written again meanwhile stays for the next round. Repeating it changes nothing.
/// The record of an earlier failure is removed once its file is stored, and if it was moved back together with its file.
/// A file that cannot be cleared does not stop the others: it stays, with an error that says why.
/// </summary>
internal sealed partial class ClearDrop(
    IObjectStore store,
    JobResults results,
    DropErrors errors,
    IOptions<DropOptions> options,
    TimeProvider time,
    ILogger<ClearDrop> logger) : IActivity<string, string>
{
    /// <summary>The output, instead of the job's id, if every file is still there at the same version and will be found again.</summary>
    public const string NothingDone = "";

    /// <summary>Number of files cleared concurrently. Each takes a request or two.</summary>
    private const int AtOnce = 16;

    /// <summary>This many files that can be neither cleared nor marked are tolerated; more of them are a failure of the store.</summary>
    private const int MaxStuck = 100;

    /// <summary>Attempts for one file if the store may be the cause.</summary>
    private const int Attempts = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private enum Cleared
    {
        /// <summary>It is no longer in the folder, or has another version.</summary>
        Done,

        /// <summary>It is not there although it was listed.</summary>
        NotFound,

        /// <summary>It stays, and its error says why.</summary>
        Left,

        /// <summary>It stays, without an error.</summary>
        Stuck,
    }

    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        // Asked once, to save a request for each file.
        var mayHaveErrors = await store.ListAsync(DropFolder.Failed, cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
        var counts = new int[Enum.GetValues<Cleared>().Length];
        string? reason = null;
        await Parallel.ForEachAsync(WorkedAsync(input, cancellationToken), atOnce, async (worked, token) =>
        {
            var (cleared, trouble) = await TryClearAsync(worked.File, worked.Record, mayHaveErrors, token).ConfigureAwait(false);
            if (trouble is not null)
                reason ??= FailureText.Of(trouble);
            if (Interlocked.Increment(ref counts[(int)cleared]) > MaxStuck && cleared == Cleared.Stuck)
                throw new ObjectStoreException($"More than {MaxStuck} dropped files could not be cleared. {FailureText.Of(trouble!)}");
        }).ConfigureAwait(false);
        if (counts[(int)Cleared.Left] is > 0 and var left)
            LogLeft(left, input, reason!);
        if (counts[(int)Cleared.Stuck] is > 0 and var stuck)
            LogStuck(stuck, input, reason!);
        return counts[(int)Cleared.Done] + counts[(int)Cleared.Left] > 0 ? input : NothingDone;
    }

    private async IAsyncEnumerable<(UploadInput File, JobRecord Record)> WorkedAsync(
        string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var outcome in results.OutcomesAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Record is { } record)
                yield return (UploadInput.Parse(outcome.Input.Span), record);
        }
    }

    private async Task<(Cleared Cleared, Exception? Trouble)> TryClearAsync(
        UploadInput file, JobRecord record, bool mayHaveErrors, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await ClearAsync(file, record, mayHaveErrors, cancellationToken).ConfigureAwait(false))
                    return (Cleared.Done, null);
                var isThere = await store.GetPropertiesAsync(file.Source, cancellationToken).ConfigureAwait(false) is not null;
                return (isThere ? Cleared.Done : Cleared.NotFound, null);
            }
            catch (Exception exception) when (DropTrouble.IsOfTheFile(exception, cancellationToken))
            {
                if (attempt == Attempts || !DropTrouble.MayPass(exception))
                    return (await TryLeaveAsync(file, record, exception, cancellationToken).ConfigureAwait(false), exception);
            }

            await Task.Delay(RetryDelay * attempt, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Clears a file. False if it is gone or has another version.</summary>
    private async ValueTask<bool> ClearAsync(UploadInput file, JobRecord record, bool mayHaveErrors, CancellationToken cancellationToken)
    {
        var name = file.Source;
        if (record.Span.Success == true)
        {
            var isGone = options.Value.Archive
                ? await ArchiveAsync(file, cancellationToken).ConfigureAwait(false)
                : await store.DeleteAsync(name, file.Version, cancellationToken).ConfigureAwait(false);
            if (isGone && mayHaveErrors && await IsFreeAsync(DropNames.InFailed(name), cancellationToken).ConfigureAwait(false))
                await errors.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
            return isGone;
        }

        // An error file, moved back together with the rest of drop/failed, is not a dropped file.
        return await errors.FindAsync(name, cancellationToken).ConfigureAwait(false) is not null
            ? await store.DeleteAsync(name, file.Version, cancellationToken).ConfigureAwait(false)
            : await FailAsync(file, record, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> ArchiveAsync(UploadInput file, CancellationToken cancellationToken)
    {
        foreach (var target in DropNames.Candidates(file.Source, file.Version).Select(DropNames.InArchive))
        {
            try
            {
                if (await IsFreeAsync(target, cancellationToken).ConfigureAwait(false))
                    return await store.MoveAsync(file.Source, target, file.Version, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectNameTakenException)
            {
                // The next may be free.
            }
        }

        throw new ObjectNameTakenException("There is no free name for it in drop/archive.");
    }

    private async Task<bool> FailAsync(UploadInput file, JobRecord record, CancellationToken cancellationToken)
    {
        if (await store.GetPropertiesAsync(file.Source, cancellationToken).ConfigureAwait(false) is not { } now || now.ETag != file.Version)
            return false;
        var error = DropErrors.ToJson(await ReadAsync(record, cancellationToken).ConfigureAwait(false), file.Version, now);
        foreach (var name in DropNames.Candidates(file.Source, file.Version))
        {
            var target = DropNames.InFailed(name);
            ObjectProperties? written = null;
            try
            {
                var there = await store.GetPropertiesAsync(target, cancellationToken).ConfigureAwait(false);
                if (there is not null && !await IsCopyAsync(there, name).ConfigureAwait(false))
                    continue;
                written = await errors.WriteAsync(name, error, cancellationToken).ConfigureAwait(false);
                if (written is not null
                    && await store.MoveAsync(file.Source, target, file.Version, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }
            catch (ObjectNameTakenException)
            {
                // The next may be free.
            }

            if (written is null)
                continue;
            // Without its file it would mislead.
            await store.DeleteAsync(written.Name, written.ETag, cancellationToken).ConfigureAwait(false);
            if (!await IsUnchangedAsync(file, cancellationToken).ConfigureAwait(false))
                return false;
        }

        throw new ObjectNameTakenException("There is no free name for it in drop/failed.");

        // A copy left by an execution that died before it deleted the file. One of the same version is not a copy but another link to the
        // file.
        async Task<bool> IsCopyAsync(ObjectProperties there, string name) => there.ETag != file.Version
            && await errors.FindAsync(DropNames.Error(name), cancellationToken).ConfigureAwait(false) is ({ Left: null } known, _)
            && known.Source == file.Source && known.Version == file.Version;
    }

    private async Task<Cleared> TryLeaveAsync(UploadInput file, JobRecord record, Exception trouble, CancellationToken cancellationToken)
    {
        try
        {
            // The next listing handles a file that has changed or gone.
            if (!await IsUnchangedAsync(file, cancellationToken).ConfigureAwait(false))
                return Cleared.Done;
            var json = DropErrors.ToJson(
                await ReadAsync(record, cancellationToken).ConfigureAwait(false), file.Version, left: FailureText.Of(trouble));
            return await errors.LeaveAsync(file.Source, file.Version, json, cancellationToken)
                .ConfigureAwait(false) ? Cleared.Left : Cleared.Stuck;
        }
        catch (Exception exception) when (DropTrouble.IsOfTheFile(exception, cancellationToken))
        {
            return Cleared.Stuck;
        }
    }

    private async Task<bool> IsFreeAsync(string name, CancellationToken cancellationToken) =>
        await store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is null;

    private async Task<bool> IsUnchangedAsync(UploadInput file, CancellationToken cancellationToken) =>
        await store.GetPropertiesAsync(file.Source, cancellationToken).ConfigureAwait(false) is { } now && now.ETag == file.Version;

    private async Task<byte[]> ReadAsync(JobRecord record, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await results.CopyRecordAsync(record, content, cancellationToken).ConfigureAwait(false);
        return content.ToArray();
    }

    [LoggerMessage(901, LogLevel.Warning,
        "{Count} dropped files of job {Job} cannot be cleared. They stay in drop/incoming and are not sent again; drop/failed has an "
        + "error for "
        + "each. {Reason}")]
    private partial void LogLeft(int count, string job, string reason);

    [LoggerMessage(902, LogLevel.Warning,
        "{Count} dropped files of job {Job} can be neither cleared nor marked as failed. They are sent again, less and less often. "
        + "{Reason}")]
    private partial void LogStuck(int count, string job, string reason);
}
