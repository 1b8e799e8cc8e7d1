using System.Text;
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
/// </summary>
internal sealed class SettleDrop(JobContext jobs, JobResults results, IOptions<DropOptions> options) : IActivity<string, string>
{
    public async Task<string> RunAsync(string input, CancellationToken cancellationToken)
    {
        await foreach (var outcome in results.OutcomesAsync(input, cancellationToken).ConfigureAwait(false))
        {
            var file = UploadInput.Parse(outcome.Input.Span);
            if (outcome.Record is { } record)
                await SettleAsync(file, record, cancellationToken).ConfigureAwait(false);
        }

        return input;
    }

    private async Task SettleAsync(UploadInput file, JobRecord record, CancellationToken cancellationToken)
    {
        var now = await jobs.Store.GetPropertiesAsync(file.Source, cancellationToken).ConfigureAwait(false);
        if (now is null || now.ETag != file.Version)
            return;
        if (record.Span.Success != true)
        {
            await WriteErrorAsync(file.Source, record, cancellationToken).ConfigureAwait(false);
            await jobs.Store.MoveAsync(file.Source, DropNames.InFailed(file.Source), cancellationToken).ConfigureAwait(false);
        }
        else if (options.Value.Archive)
        {
            await jobs.Store.MoveAsync(file.Source, DropNames.InArchive(file.Source), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await jobs.Store.DeleteAsync(file.Source, file.Version, cancellationToken).ConfigureAwait(false);
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
