using DicomFunctions.Core.Jobs.Expansion;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Continues to expand the sources of an upload for a limited time.</summary>
internal sealed class ExpandSources(JobStore jobStore, SourceExpansion expansion) : IActivity<ExpandRequest, JobPlan>
{
    public async Task<JobPlan> RunAsync(ExpandRequest input, CancellationToken cancellationToken)
    {
        var spec = await jobStore.GetSpecAsync(input.JobId, cancellationToken).ConfigureAwait(false);
        return await expansion.RunAsync(spec, input.After, cancellationToken).ConfigureAwait(false);
    }
}
