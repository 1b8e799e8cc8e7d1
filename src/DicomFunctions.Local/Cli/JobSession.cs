using System.Runtime.CompilerServices;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tables;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Usage;
using DicomFunctions.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace DicomFunctions.Local.Cli;

/// <summary>The jobs of a data directory: Core and the embedded engine for the duration of one command, without HTTP.</summary>
internal sealed class JobSession : IJobHost
{
    private const string NoSuchJob = "There is no such job.";

    private static readonly TimeSpan LongestEvents = TimeSpan.FromSeconds(2);

    private readonly IHost _host;
    private readonly bool _runsNothing;

    private JobSession(IHost host, bool isReadOnly, bool runsNothing) =>
        (_host, IsReadOnly, _runsNothing) = (host, isReadOnly, runsNothing);

    public bool IsHere => true;

    public Notices Notices => _host.Services.GetRequiredService<Notices>();

    /// <summary>True if another process uses the data directory: jobs can be read and cancelled, but not run.</summary>
    public bool IsReadOnly { get; }

    private IJobService Jobs => _host.Services.GetRequiredService<IJobService>();

    /// <summary>Locks the data directory.</summary>
    /// <param name="settings">The settings of the command line.</param>
    /// <param name="resumes">Which interrupted instances to continue.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="DataDirectoryInUseException">Another process uses it.</exception>
    public static async Task<JobSession> OpenAsync(
        Dictionary<string, string?> settings, Func<string, bool> resumes, CancellationToken cancellationToken) =>
        await OpenAsync(settings, resumes, runsNothing: false, cancellationToken).ConfigureAwait(false);

    /// <summary>Locks the data directory or, if another process uses it, opens it for reading.</summary>
    public static async Task<JobSession> OpenToReadAsync(Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(settings, _ => false, runsNothing: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DataDirectoryInUseException)
        {
            var host = Build(settings, services => services.AddSingleton<IWorkflowEngine, ElsewhereEngine>());
            return new JobSession(host, isReadOnly: true, runsNothing: false);
        }
    }

    /// <summary>The host, not started: it can read jobs even if another process uses the data directory.</summary>
    public static IHost Build(Dictionary<string, string?> settings, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables().AddInMemoryCollection(settings);
        builder.Logging.AddStandardError().SetMinimumLevel(
            Enum.TryParse<LogLevel>(builder.Configuration[CommonOptions.LogLevelKey], ignoreCase: true, out var level)
                ? level
                : LogLevel.Warning);
        // The command itself says how its job ended.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(typeof(JobEndLog).FullName, LogLevel.None);
        builder.Services.AddStoreNotice().AddLocalHost().AddOtlpExport(builder.Configuration, "dicomfn");
        configure(builder.Services);
        return builder.Build();
    }

    public async Task<string> SubmitAsync(
        JobSubmission submission, IAsyncEnumerable<ReadOnlyMemory<byte>> inputs, CancellationToken cancellationToken)
    {
        await CredentialsCheck.RunAsync(_host.Services, cancellationToken).ConfigureAwait(false);
        return await Jobs.SubmitAsync(submission, inputs, cancellationToken).ConfigureAwait(false);
    }

    public async Task<JobView?> FindAsync(string id, CancellationToken cancellationToken) =>
        await Jobs.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job ? Shown(job) : null;

    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        await Jobs.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        if (!IsReadOnly)
            await _host.Services.GetRequiredService<IWorkflowEngine>().WaitAsync(id, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<JobView> ListAsync(
        IReadOnlyCollection<JobStatus> states,
        IReadOnlyCollection<JobKind> kinds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var found in Jobs.ListAsync(before: null, cancellationToken).ConfigureAwait(false))
        {
            var job = Shown(found);
            if ((states.Count == 0 || states.Contains(job.State)) && (kinds.Count == 0 || (job.Kind is { } kind && kinds.Contains(kind))))
                yield return job;
        }
    }

    public async Task CopyResultsAsync(
        string id, RecordFilter filter, ResultsQuery query, Stream output, CancellationToken cancellationToken)
    {
        if (!query.Format.IsTable())
        {
            await Jobs.CopyResultsAsync(id, filter, query.Format == ResultFormat.Json, output, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            var table = await _host.Services.GetRequiredService<IJobTables>().OpenAsync(id, filter, query.Columns, cancellationToken)
                .ConfigureAwait(false) ?? throw new CommandFailedException(NoSuchJob);
            await table.CopyToAsync(
                query.Format == ResultFormat.Csv ? TableFormat.Csv : TableFormat.Parquet, query.IsRaw, output, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (TableException exception)
        {
            throw new CommandFailedException($"{exception.Message} Name them with --columns.", exception);
        }
    }

    public async Task<string> CancelAsync(string id, bool isForced, CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new CommandFailedException(NoSuchJob);
        if (isForced && IsReadOnly)
            throw Elsewhere();
        var ending = isForced ? Jobs.TerminateAsync(id, cancellationToken) : Jobs.CancelAsync(id, cancellationToken);
        if (await ending.ConfigureAwait(false) != JobActionResult.Done)
            throw new CommandFailedException($"The job is not running: it is {job.State.ToString().ToLowerInvariant()}.");
        return isForced ? $"Job {id} has ended. To continue it: dicomfn jobs resume {id}"
            : IsReadOnly ? $"Job {id} is asked to stop. The process that runs it does so within seconds."
            : $"Job {id} is marked as cancelled. Nothing runs it now: it ends when it is next continued.";
    }

    public async Task ResumeAsync(string id, CancellationToken cancellationToken)
    {
        switch ((await Jobs.FindAsync(id, cancellationToken).ConfigureAwait(false))?.State)
        {
            case null:
                throw new CommandFailedException(NoSuchJob);
            case JobStatus.Completed or JobStatus.Cancelled:
                // It ended before the command that waited for it learned so: only its records remain to be written.
                break;
            case JobStatus.Failed or JobStatus.Interrupted or JobStatus.Damaged:
                await CredentialsCheck.RunAsync(_host.Services, cancellationToken).ConfigureAwait(false);
                var result = await Jobs.ResumeAsync(id, cancellationToken).ConfigureAwait(false);
                if (result.Outcome != JobActionOutcome.Done)
                    throw new CommandFailedException(WhyNotResumed(result));
                break;
        }
    }

    public async Task<string> RetryAsync(string id, CancellationToken cancellationToken)
    {
        await CredentialsCheck.RunAsync(_host.Services, cancellationToken).ConfigureAwait(false);
        return await Jobs.RetryAsync(id, Environment.UserName, cancellationToken).ConfigureAwait(false) switch
        {
            { NewId: { } newId } => newId,
            { Outcome: JobActionOutcome.NotFound } => throw new CommandFailedException(NoSuchJob),
            { Outcome: JobActionOutcome.Damaged } => throw new CommandFailedException(
                "The job is damaged: one of its files is missing or cannot be read. 'dicomfn jobs show' names it if it is known."),
            { Reason: { } reason } => throw new CommandFailedException(reason),
            _ => throw new CommandFailedException("Only a finished job can be retried; resume it instead."),
        };
    }

    public async Task DeleteAsync(string id, bool withFiles, CancellationToken cancellationToken)
    {
        if (IsReadOnly)
            throw Elsewhere();
        var result = await Jobs.DeleteAsync(id, withFiles, cancellationToken).ConfigureAwait(false);
        if (result.Outcome != JobActionOutcome.Done)
        {
            throw new CommandFailedException(result.Outcome == JobActionOutcome.NotFound
                ? NoSuchJob
                : $"The job has not ended. End it first: dicomfn jobs cancel {id} --force");
        }
    }

    public Task<int> PruneAsync(TimeSpan? age, CancellationToken cancellationToken)
    {
        if (IsReadOnly)
            throw Elsewhere();
        // An age is in the settings already.
        return Jobs.RemoveExpiredAsync(cancellationToken);
    }

    /// <summary>
    /// Waits a moment until the events of what has ended are sent, and removes old jobs once a day. An endpoint that takes none must not
    /// hold up a command: the next one, or <c>dicomfn serve</c>, sends them.
    /// </summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LongestEvents);
        Task sent = _host.Services.GetRequiredService<IWorkflowEngine>().WaitAsync(EventActivities.InstanceId, timeout.Token);
        await sent.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await new DailyRetention(
            _host.Services.GetRequiredService<DataDirectory>().Path, Jobs, _host.Services.GetRequiredService<TimeProvider>())
            .RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!IsReadOnly)
            await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<JobSession> OpenAsync(
        Dictionary<string, string?> settings, Func<string, bool> resumes, bool runsNothing, CancellationToken cancellationToken)
    {
        var host = Build(settings, services => services.AddSingleton(new ResumeFilter(resumes)));
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return new JobSession(host, isReadOnly: false, runsNothing);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The job as this process sees it: if it has the data directory and runs nothing, nobody runs the job.</summary>
    private JobView Shown(JobView job) =>
        _runsNothing && job.State is (JobStatus.Pending or JobStatus.Running)
            ? job with { State = JobStatus.Interrupted, Rate = null }
            : job;

    /// <summary>What only the process that has the data directory can do.</summary>
    private CommandFailedException Elsewhere()
    {
        var address = DataDirectoryLock.ServedAt(_host.Services.GetRequiredService<DataDirectory>().Engine);
        return new CommandFailedException(address is null
            ? "Another process uses this data directory. Wait until it has ended."
            : $"'dicomfn serve' uses this data directory. Let it do this: add --server {address}");
    }

    private static string WhyNotResumed(JobActionResult result) => result.Outcome switch
    {
        JobActionOutcome.Refused => result.Reason!,
        JobActionOutcome.Damaged => "The job is damaged: one of its files cannot be read. 'dicomfn jobs show' says which.",
        JobActionOutcome.OtherServer => "The job is for another server.",
        _ => "The job was changed or deleted at the same time: check it with 'dicomfn jobs show'.",
    };
}
