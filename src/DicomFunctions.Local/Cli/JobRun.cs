using System.CommandLine;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Output;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary>Runs one job to its end: progress and reasons of failures on standard error, records on standard output.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="results">Where the records go.</param>
/// <param name="again">The options to repeat to continue the job.</param>
/// <param name="cancellationToken">Ctrl+C.</param>
internal sealed class JobRun(ParseResult parsed, ResultOptions results, string again, CancellationToken cancellationToken)
{
    /// <summary>Submits a job and runs it.</summary>
    /// <param name="settings">The settings for a data directory.</param>
    /// <param name="submit">Submits the job and returns its id.</param>
    public Task<int> SubmitAsync(Func<Dictionary<string, string?>> settings, Func<IJobHost, Task<string>> submit) =>
        RunAsync(settings, _ => false, submit);

    /// <summary>Continues an interrupted or failed job.</summary>
    /// <param name="settings">The settings for a data directory.</param>
    /// <param name="id">The job.</param>
    public Task<int> ResumeAsync(Func<Dictionary<string, string?>> settings, string id) =>
        RunAsync(settings, instance => instance == id, async jobs =>
        {
            await jobs.ResumeAsync(id, cancellationToken).ConfigureAwait(false);
            return id;
        });

    /// <summary>Waits for the end of a job that is submitted, and writes its records.</summary>
    public async Task<int> FollowAsync(IJobHost jobs, string id)
    {
        var target = results.Read(parsed);
        var isQuiet = parsed.GetValue(CommonOptions.Quiet);
        try
        {
            await JobProgressView.FollowAsync(jobs, id, isQuiet, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(Stopped(jobs, id)).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        await target.WriteAsync(jobs, id, cancellationToken).ConfigureAwait(false);
        var job = await jobs.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (job is { Progress.Failed: > 0 } && !isQuiet)
        {
            await FailureView.ShowAsync(jobs, id, again, parsed.GetValue(CommonOptions.Verbose), cancellationToken)
                .ConfigureAwait(false);
        }

        if (job is { State: JobStatus.Cancelled, Progress.NotAttempted: > 0 and var left } && !isQuiet)
        {
            await Console.Error.WriteLineAsync(
                $"The job was cancelled: {left} inputs were not attempted. To run them: dicomfn jobs retry {id}{again}")
                .ConfigureAwait(false);
        }

        await jobs.FinishAsync(cancellationToken).ConfigureAwait(false);
        return job is { State: JobStatus.Completed, Progress.Failed: 0 } ? ExitCode.Ok : ExitCode.SomeFailed;
    }

    private async Task<int> RunAsync(
        Func<Dictionary<string, string?>> settings, Func<string, bool> resumes, Func<IJobHost, Task<string>> submit)
    {
        // Wrong options are told before anything is sent.
        results.Read(parsed);
        var jobs = await JobHosts.OpenAsync(parsed, settings, resumes, cancellationToken).ConfigureAwait(false);
        await using (jobs.ConfigureAwait(false))
            return await FollowAsync(jobs, await submit(jobs).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private string Stopped(IJobHost jobs, string id) => jobs.IsHere
        ? $"Stopped. To continue: dicomfn jobs resume {id}{again}\n"
            + "The next 'dicomfn serve' on this data directory continues it, too. To prevent that: "
            + $"dicomfn jobs cancel {id} --force{CommonOptions.DataAgain(parsed)}"
        : $"The server goes on with job {id}. To see its progress: dicomfn jobs watch {id}{again}\n"
            + $"To stop it: dicomfn jobs cancel {id}{again}";
}
