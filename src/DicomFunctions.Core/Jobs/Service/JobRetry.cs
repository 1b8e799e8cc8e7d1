using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Copies the failed inputs of a finished job to a draft.</summary>
internal sealed class JobRetry(IObjectStore store, JobResults results)
{
    /// <summary>Adds every input of a job that has no success record.</summary>
    /// <exception cref="ObjectDamagedException">Inputs or records are missing.</exception>
    public async Task AddFailedAsync(JobDraft draft, JobSpec spec, CancellationToken cancellationToken)
    {
        await foreach (var outcome in results.OutcomesAsync(spec.Id, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Record?.Span.Success == true)
                continue;
            if (spec.Kind == JobKind.Upload)
                await AddAgainAsync(draft, spec.Id, UploadInput.Parse(outcome.Input.Span), cancellationToken).ConfigureAwait(false);
            else
                await draft.AddAsync(outcome.Input.Span, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds an input, with a copy of its bytes if they came with the request: those are deleted with the old job.</summary>
    private async Task AddAgainAsync(JobDraft draft, string id, UploadInput input, CancellationToken cancellationToken)
    {
        var body = new JobFiles(id).IsBody(input.Source)
            ? await store.OpenReadAsync(input.Source, ObjectRange.All, ifMatch: null, cancellationToken).ConfigureAwait(false)
            : null;
        if (body is null)
        {
            await draft.AddAsync(input.ToRetry().Span, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using (body.ConfigureAwait(false))
            await draft.AddBodyAsync(body, cancellationToken).ConfigureAwait(false);
    }
}
