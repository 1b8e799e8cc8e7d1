using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// Clears away what a job of dropped files has worked: stored files are removed or archived, others moved to <c>drop/failed</c> with
/// their record beside them. A file that was written again meanwhile stays, and is worked anew. Repeating it changes nothing.
/// The record of an earlier failure goes once its file is stored, and where it was moved back together with its file.
/// </summary>
internal sealed class SettleDrop(JobContext jobs, JobResults results, IOptions<DropOptions> options) : IActivity<string, string>
{
    /// <summary>Files cleared away at once: each is a request or two, and there may be very many.</summary>
    private const int AtOnce = 16;

    /// <summary>As many files that can not be cleared away leave the others their turn; more are the store's trouble, not theirs.</summary>
    private const int MaxFailures = 100;

    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        // Asked once: an error to every file would be one more request for each.
        var mayHaveErrors = await jobs.Store.ListAsync(DropNames.Failed, cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
        var failures = new ConcurrentBag<ObjectStoreException>();
        await Parallel.ForEachAsync(WorkedAsync(input, cancellationToken), atOnce, async (worked, token) =>
        {
            try
            {
                await SettleAsync(worked.File, worked.Record, mayHaveErrors, token).ConfigureAwait(false);
            }
            catch (ObjectStoreException exception) when (failures.Count < MaxFailures)
            {
                failures.Add(exception);
            }
        }).ConfigureAwait(false);
        return failures.TryPeek(out var failure) ? throw failure : input;
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

    private async ValueTask SettleAsync(UploadInput file, JobRecord record, bool mayHaveErrors, CancellationToken cancellationToken)
    {
        var (name, store) = (file.Source, jobs.Store);
        if (record.Span.Success == true)
        {
            var isGone = options.Value.Archive
                ? await store.MoveAsync(
                    name, DropNames.InArchive(await FreeAsync(file, DropNames.InArchive, cancellationToken).ConfigureAwait(false)), file.Version, cancellationToken)
                    .ConfigureAwait(false)
                : await store.DeleteAsync(name, file.Version, cancellationToken).ConfigureAwait(false);
            if (isGone && mayHaveErrors && await IsFreeAsync(DropNames.InFailed(name), cancellationToken).ConfigureAwait(false))
                await store.DeleteAsync(DropNames.Error(name), ifMatch: null, cancellationToken).ConfigureAwait(false);
        }
        else if (await IsErrorOfOursAsync(name, cancellationToken).ConfigureAwait(false))
        {
            await store.DeleteAsync(name, file.Version, cancellationToken).ConfigureAwait(false);
        }
        else if (await IsUnchangedAsync(file, cancellationToken).ConfigureAwait(false))
        {
            var kept = await FreeAsync(file, DropNames.InFailed, cancellationToken).ConfigureAwait(false);
            await WriteErrorAsync(kept, record, cancellationToken).ConfigureAwait(false);
            await store.MoveAsync(name, DropNames.InFailed(kept), file.Version, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The file's name, or another where that is taken: devices give the names of yesterday to the files of today.</summary>
    private async Task<string> FreeAsync(UploadInput file, Func<string, string> place, CancellationToken cancellationToken) =>
        await IsFreeAsync(place(file.Source), cancellationToken).ConfigureAwait(false)
            ? file.Source
            : DropNames.Another(file.Source, file.Version);

    private async Task<bool> IsFreeAsync(string name, CancellationToken cancellationToken) =>
        await jobs.Store.GetPropertiesAsync(name, cancellationToken).ConfigureAwait(false) is null;

    private async Task<bool> IsUnchangedAsync(UploadInput file, CancellationToken cancellationToken) =>
        await jobs.Store.GetPropertiesAsync(file.Source, cancellationToken).ConfigureAwait(false) is { } now && now.ETag == file.Version;

    /// <summary>Whether it is what <see cref="WriteErrorAsync"/> wrote of another file: <c>drop/failed/*</c> was moved back as a whole.</summary>
    private async Task<bool> IsErrorOfOursAsync(string name, CancellationToken cancellationToken)
    {
        if (!DropNames.IsError(name))
            return false;
        var content = await jobs.Store.OpenReadAsync(name, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return false;
        await using (content.ConfigureAwait(false))
        {
            try
            {
                var error = await JsonSerializer.DeserializeAsync(content, DropJson.Default.DropError, cancellationToken).ConfigureAwait(false);
                return error is { Success: false, Source: { } source } && source.StartsWith(DropNames.Incoming, StringComparison.Ordinal);
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    private async Task WriteErrorAsync(string name, JobRecord record, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await results.CopyRecordAsync(record, content, cancellationToken).ConfigureAwait(false);
        content.Write(Encoding.UTF8.GetBytes("\n"));
        content.Position = 0;
        await jobs.Store.PutAsync(DropNames.Error(name), content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
    }
}
