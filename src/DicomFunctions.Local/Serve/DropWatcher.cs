using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>Rings the drop workflow's doorbell when there are files in the folder: on file-system events, and at intervals.</summary>
internal sealed partial class DropWatcher(
    DropDoorbell doorbell,
    IWorkflowEngine engine,
    IObjectStore store,
    ChangedFailures changed,
    IOptions<DropOptions> drop,
    IOptions<LocalOptions> local,
    DataDirectory data,
    TimeProvider time,
    ILogger<DropWatcher> logger) : BackgroundService
{
    private readonly SemaphoreSlim _event = new(0, 1);
    private (int Unnameable, int Closed, bool IsLink) _reported;
    private string? _problem;

    private string Folder => data.Incoming;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (drop.Value.IsEnabled)
            data.MakeIncoming();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!drop.Value.IsEnabled)
            return;
        using var watcher = new FileSystemWatcher(Folder) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => Signal();
        watcher.Renamed += (_, _) => Signal();
        watcher.Changed += (_, _) => Signal();
        // If events overflow, there is something to see.
        watcher.Error += (_, _) => Signal();
        Enable(watcher);
        using var failed = new FailedFolder(data.Failed, changed, time, Signal);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Someone may have removed the folder, and may drop files there again.
                data.MakeIncoming();
                HandleUnlistedFiles();
                await TakeBackAsync(failed, stoppingToken).ConfigureAwait(false);
                if (await HasFilesAsync(stoppingToken).ConfigureAwait(false))
                    await RunWorkflowAsync(failed, stoppingToken).ConfigureAwait(false);
                await WaitForEventAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever the cause, files dropped later must still be uploaded.
                LogFailed(FailureText.Of(exception));
                await Task.Delay(local.Value.DropPollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public override void Dispose()
    {
        _event.Dispose();
        base.Dispose();
    }

    private async Task RunWorkflowAsync(FailedFolder failed, CancellationToken cancellationToken)
    {
        await doorbell.RingAsync(cancellationToken).ConfigureAwait(false);
        var end = engine.WaitAsync(DropActivities.InstanceId, cancellationToken);
        // If files never stop arriving, the workflow never ends.
        while (await Task.WhenAny(end, Task.Delay(local.Value.DropPollInterval, time, cancellationToken)).ConfigureAwait(false) != end)
        {
            HandleUnlistedFiles();
            await TakeBackAsync(failed, cancellationToken).ConfigureAwait(false);
        }

        if (await end.ConfigureAwait(false) is { State: WorkflowState.Failed } ended)
            LogWorkflowFailed(ended.Failure);
    }

    /// <summary>
    /// Renames files where possible, and reports the rest once: they may stay for a long time, and must not hold up listed files.
    /// </summary>
    private void HandleUnlistedFiles()
    {
        (int Unnameable, int Closed, bool IsLink) now;
        try
        {
            now = IsLink() ? (0, 0, true) : (UnnameableFiles.Rename(Folder), ClosedFolders.Count(Folder), false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogProblem(FailureText.Of(exception));
            return;
        }

        if (now.Unnameable > 0 && now.Unnameable != _reported.Unnameable)
            LogUnnameable(now.Unnameable);
        if (now.Closed > 0 && now.Closed != _reported.Closed)
            LogClosed(now.Closed);
        if (now.IsLink && !_reported.IsLink)
            LogLink();
        _reported = now;
    }

    private async Task TakeBackAsync(FailedFolder failed, CancellationToken cancellationToken)
    {
        try
        {
            if (await failed.TakeBackAsync(cancellationToken).ConfigureAwait(false) is > 0 and var taken)
                LogTakenBack(taken);
        }
        catch (ObjectStoreException exception)
        {
            LogProblem(exception.Message);
        }
    }

    /// <summary>Logs a reason once, until it changes.</summary>
    private void LogProblem(string reason)
    {
        if (_problem != reason)
            LogUnreadable(_problem = reason);
    }

    private bool IsLink() => new DirectoryInfo(Folder) is var incoming && (incoming.LinkTarget ?? incoming.Parent!.LinkTarget) is not null;

    private async Task<bool> HasFilesAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in store.ListAsync(DropFolder.Incoming, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    private async Task WaitForEventAsync(CancellationToken cancellationToken)
    {
        using var poll = new CancellationTokenSource(local.Value.DropPollInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, cancellationToken);
        try
        {
            await _event.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Enable(FileSystemWatcher watcher)
    {
        try
        {
            watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            LogNoEvents(local.Value.DropPollInterval);
        }
    }

    private void Signal()
    {
        try
        {
            if (_event.CurrentCount == 0)
                _event.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another event came first, and one is enough.
        }
    }

    [LoggerMessage(911, LogLevel.Warning, "Could not read the drop folder; trying again. {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(912, LogLevel.Warning, "The drop workflow failed and is being restarted: {Failure}")]
    private partial void LogWorkflowFailed(string? failure);

    [LoggerMessage(914, LogLevel.Warning,
        "{Count} dropped files or folders have names that the store cannot represent (e.g. invalid UTF-8) and cannot be renamed "
        + "automatically. Rename them.")]
    private partial void LogUnnameable(int count);

    [LoggerMessage(915, LogLevel.Warning,
        "{Count} folders in the drop folder cannot be read by this host; files in them are ignored. Give the host permission to read "
        + "and write them.")]
    private partial void LogClosed(int count);

    [LoggerMessage(916, LogLevel.Warning,
        "The drop folder is a symbolic link, and links are not followed: files in it are ignored. Mount the target there instead.")]
    private partial void LogLink();

    [LoggerMessage(917, LogLevel.Information,
        "{Count} files in drop/failed have changed since they were moved there; they return to drop/incoming.")]
    private partial void LogTakenBack(int count);

    [LoggerMessage(918, LogLevel.Warning, "Part of the drop folder cannot be read; the rest is processed. {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(913, LogLevel.Warning, "No file-system events for the drop folder (watch limit reached?); polling every {Interval}.")]
    private partial void LogNoEvents(TimeSpan interval);
}
