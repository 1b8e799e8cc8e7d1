using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The activities of a job.</summary>
internal static class JobActivities
{
    public const string WorkflowName = "JobWorkflow";
    public const string BeginName = "BeginJob";
    public const string ExpandName = "ExpandSources";
    public const string RunName = "RunBatches";
    public const string CommitName = "CommitLeg";
    public const string AnnounceFailureName = "AnnounceFailure";

    /// <summary>
    /// Expands sources for a limited time and counts the inputs if acceptance could not. Input: the job's id. Not repeatable, since the
    /// output depends on the clock.
    /// </summary>
    public static ActivityRef<string, JobPlan> Begin { get; } = new(BeginName, JobJson.Default.String, JobJson.Default.JobPlan);

    /// <summary>Continues to expand sources for a limited time.</summary>
    public static ActivityRef<ExpandRequest, JobPlan> Expand { get; } =
        new(ExpandName, RunJson.Default.ExpandRequest, JobJson.Default.JobPlan);

    /// <summary>
    /// Processes inputs for a limited time and stages their records. Not repeatable, since the output depends on the clock.
    /// </summary>
    public static ActivityRef<RunRequest, RunResult> Run { get; } =
        new(RunName, RunJson.Default.RunRequest, RunJson.Default.RunResult);

    /// <summary>
    /// Commits a leg's records, the checkpoint and, with the last leg, the summary. Output: the name of the file written last.
    /// </summary>
    public static ActivityRef<LegCommit, string> Commit { get; } =
        new(CommitName, RunJson.Default.LegCommit, JobJson.Default.String);

    /// <summary>Tells others that the job has failed, if they are to be told. Input and output: the job's id.</summary>
    public static ActivityRef<string, string> AnnounceFailure { get; } =
        new(AnnounceFailureName, JobJson.Default.String, JobJson.Default.String);

    /// <summary>The job's workflow.</summary>
    public static WorkflowRef<JobState> Workflow { get; } = new(WorkflowName, JobJson.Default.JobState);

    internal static WorkflowCatalog AddJobs(this WorkflowCatalog catalog) => catalog
        .AddWorkflow(Workflow, new JobWorkflow())
        .AddActivity<BeginJob, string, JobPlan>(Begin)
        .AddActivity<ExpandSources, ExpandRequest, JobPlan>(Expand)
        .AddActivity<RunBatches, RunRequest, RunResult>(Run)
        .AddActivity<CommitLeg, LegCommit, string>(Commit)
        .AddActivity<AnnounceFailure, string, string>(AnnounceFailure);
}
