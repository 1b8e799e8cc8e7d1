using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The activities of a job.</summary>
public static class JobActivities
{
    public const string WorkflowName = "JobWorkflow";
    public const string BeginName = "BeginJob";
    public const string RunName = "RunBatches";
    public const string CommitName = "CommitLeg";

    /// <summary>Expands sources and counts the inputs if acceptance could not. Input: the job's id.</summary>
    public static ActivityRef<string, JobPlan> Begin { get; } = new(BeginName, JobJson.Default.String, JobJson.Default.JobPlan);

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

    /// <summary>The job's workflow.</summary>
    public static WorkflowRef<JobState> Workflow { get; } = new(WorkflowName, JobJson.Default.JobState);

    internal static WorkflowCatalog AddJobs(this WorkflowCatalog catalog) => catalog
        .AddWorkflow(Workflow, new JobWorkflow())
        .AddActivity<BeginJob, string, JobPlan>(Begin)
        .AddActivity<RunBatches, RunRequest, RunResult>(Run)
        .AddActivity<CommitLeg, LegCommit, string>(Commit);
}
