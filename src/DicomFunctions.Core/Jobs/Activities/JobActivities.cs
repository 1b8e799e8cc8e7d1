using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>The activities of a job.</summary>
public static class JobActivities
{
    /// <summary>Expands patterns, counts the inputs and cuts them into batches. In: the job's id.</summary>
    public static ActivityRef<string, JobPlan> Prepare { get; } = new("PrepareJob", JobJson.Default.String, JobJson.Default.JobPlan);

    /// <summary>Looks up where a leg's batches lie.</summary>
    public static ActivityRef<LegRequest, LegPlan> PlanLeg { get; } =
        new("PlanLeg", JobJson.Default.LegRequest, JobJson.Default.LegPlan) { IsRepeatable = true };

    /// <summary>Works a batch and stages its records: under its execution's own name, so it is repeatable.</summary>
    public static ActivityRef<BatchRequest, BatchResult> RunBatch { get; } =
        new("RunBatch", JobJson.Default.BatchRequest, JobJson.Default.BatchResult) { IsRepeatable = true };

    /// <summary>Commits a leg's records and the checkpoint. Out: the part's name.</summary>
    public static ActivityRef<PartCommit, string> CommitPart { get; } =
        new("CommitPart", JobJson.Default.PartCommit, JobJson.Default.String);

    /// <summary>Writes the summary. Out: its name.</summary>
    public static ActivityRef<JobState, string> Finish { get; } = new("FinishJob", JobJson.Default.JobState, JobJson.Default.String);

    /// <summary>The job's workflow.</summary>
    public static WorkflowRef<JobState> Workflow { get; } = new("JobWorkflow", JobJson.Default.JobState);

    internal static WorkflowCatalog AddJobs(this WorkflowCatalog catalog) => catalog
        .AddWorkflow(Workflow, new JobWorkflow())
        .AddActivity<PrepareJob, string, JobPlan>(Prepare)
        .AddActivity<PlanLeg, LegRequest, LegPlan>(PlanLeg)
        .AddActivity<RunBatch, BatchRequest, BatchResult>(RunBatch)
        .AddActivity<CommitPart, PartCommit, string>(CommitPart)
        .AddActivity<FinishJob, JobState, string>(Finish);
}
