using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;

namespace DicomFunctions.Local.Cli;

/// <summary>Runs one job to its end: progress on standard error, records on standard output.</summary>
internal static class JobRun
{
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="again">The options to repeat to continue the job.</param>
    /// <param name="submit">Makes the job and returns its id.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static Task<int> SubmitAsync(
        Dictionary<string, string?> settings, string again, Func<IJobService, Task<string>> submit, CancellationToken cancellationToken) =>
        SubmitAsync(settings, again, submit, (session, id) => WriteAsync(session, id, cancellationToken), cancellationToken);

    /// <param name="settings">The settings of the command line.</param>
    /// <param name="again">The options to repeat to continue the job.</param>
    /// <param name="submit">Makes the job and returns its id.</param>
    /// <param name="write">Writes the records.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static Task<int> SubmitAsync(
        Dictionary<string, string?> settings,
        string again,
        Func<IJobService, Task<string>> submit,
        Func<JobSession, string, Task> write,
        CancellationToken cancellationToken) =>
        RunAsync(settings, again, _ => false, submit, write, cancellationToken);

    /// <summary>Continues an interrupted or failed job.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="again">The options to repeat to continue the job.</param>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static Task<int> ResumeAsync(
        Dictionary<string, string?> settings, string again, string id, CancellationToken cancellationToken) =>
        RunAsync(settings, again, instance => instance == id, async jobs =>
        {
            switch ((await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false))?.State)
            {
                case null:
                    throw new UsageException("There is no such job.");
                case JobStatus.Completed or JobStatus.Cancelled:
                    // It ended before the command that waited for it learned so: only its records remain to be written.
                    break;
                case JobStatus.Failed or JobStatus.Interrupted or JobStatus.Damaged:
                    var result = await jobs.ResumeAsync(id, cancellationToken).ConfigureAwait(false);
                    if (result.Outcome != JobActionOutcome.Done)
                        throw new UsageException(WhyNot(result));
                    break;
            }

            return id;
        }, (session, finished) => WriteAsync(session, finished, cancellationToken), cancellationToken);

    private static string WhyNot(JobActionResult result) => result.Outcome switch
    {
        JobActionOutcome.Refused => result.Reason!,
        JobActionOutcome.Damaged => "The job is damaged: one of its files cannot be read. 'dicomfn jobs show' says which.",
        JobActionOutcome.OtherServer => "The job is for another server.",
        _ => "The job was changed or deleted at the same time: check it with 'dicomfn jobs show'.",
    };

    private static async Task<int> RunAsync(
        Dictionary<string, string?> settings,
        string again,
        Func<string, bool> resumes,
        Func<IJobService, Task<string>> submit,
        Func<JobSession, string, Task> write,
        CancellationToken cancellationToken)
    {
        var session = await JobSession.OpenAsync(settings, resumes, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var id = await submit(session.Jobs).ConfigureAwait(false);
            try
            {
                await JobProgressView.FollowAsync(session.Jobs, id, cancellationToken).ConfigureAwait(false);
                await session.WaitForEngineAsync(id, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync(
                    $"Stopped. To continue: dicomfn jobs resume {id}{again}\n"
                    + "The next 'dicomfn serve' on this data directory continues it, too. To prevent that: "
                    + $"dicomfn jobs cancel {id} --force{CommonOptions.DataAgain(settings)}")
                    .ConfigureAwait(false);
                return ExitCode.Interrupted;
            }

            await write(session, id).ConfigureAwait(false);
            await session.WaitForEventsAsync(cancellationToken).ConfigureAwait(false);
            var job = await session.Jobs.FindAsync(id, cancellationToken).ConfigureAwait(false);
            return job is { State: JobStatus.Completed, Progress.Failed: 0 } ? ExitCode.Ok : ExitCode.SomeFailed;
        }
    }

    private static async Task WriteAsync(JobSession session, string id, CancellationToken cancellationToken)
    {
        var output = Console.OpenStandardOutput();
        await using (output.ConfigureAwait(false))
            await session.Jobs.CopyResultsAsync(id, RecordFilter.All, asArray: false, output, cancellationToken).ConfigureAwait(false);
    }
}
