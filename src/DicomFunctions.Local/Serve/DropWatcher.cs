using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Local.Hosting;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Serve;

/// <summary>Rings the drop workflow's doorbell when something lies in the folder: on the file system's events, and now and then.</summary>
internal sealed partial class DropWatcher(
    DropDoorbell doorbell,
    IWorkflowEngine engine,
    IObjectStore store,
    IOptions<DropOptions> drop,
    IOptions<LocalOptions> local,
    DataDirectory data,
    TimeProvider time,
    ILogger<DropWatcher> logger) : BackgroundService
{
    private const string Incoming = "drop/incoming";

    private readonly SemaphoreSlim _event = new(0, 1);
    private (int Unnameable, int Closed, bool IsLink) _told;

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
        // An overflow of events is one more reason to look.
        watcher.Error += (_, _) => Signal();
        Enable(watcher);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Someone may have removed it, and will drop files there again.
                data.MakeIncoming();
                SeeToWhatIsNotListed();
                if (await IsAnythingThereAsync(stoppingToken).ConfigureAwait(false))
                    await WorkAsync(stoppingToken).ConfigureAwait(false);
                await WaitForEventAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was: files that are dropped later must not be left lying.
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

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await doorbell.RingAsync(cancellationToken).ConfigureAwait(false);
        var end = engine.WaitAsync(DropActivities.InstanceId, cancellationToken);
        // Where files never stop coming, it never ends.
        while (await Task.WhenAny(end, Task.Delay(local.Value.DropPollInterval, time, cancellationToken)).ConfigureAwait(false) != end)
            SeeToWhatIsNotListed();
        if (await end.ConfigureAwait(false) is { State: WorkflowState.Failed } ended)
            LogWorkflowFailed(ended.Failure);
    }

    /// <summary>Renames what can be, and tells of the rest, once: it may lie there for long.</summary>
    private void SeeToWhatIsNotListed()
    {
        (int Unnameable, int Closed, bool IsLink) now = IsLink()
            ? (0, 0, true)
            : (UnnameableFiles.Rename(Folder, Incoming + "/"), ClosedFolders.Count(Folder), false);
        if (now.Unnameable > 0 && now.Unnameable != _told.Unnameable)
            LogUnnameable(now.Unnameable);
        if (now.Closed > 0 && now.Closed != _told.Closed)
            LogClosed(now.Closed);
        if (now.IsLink && !_told.IsLink)
            LogLink();
        _told = now;
    }

    private bool IsLink() => new DirectoryInfo(Folder) is var incoming && (incoming.LinkTarget ?? incoming.Parent!.LinkTarget) is not null;

    private async Task<bool> IsAnythingThereAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in store.ListAsync(Incoming + "/", cancellationToken).ConfigureAwait(false))
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
            // Another event came first: one is enough.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The drop folder could not be looked at; trying again. {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(2, LogLevel.Warning, "The drop workflow failed and is started anew: {Failure}")]
    private partial void LogWorkflowFailed(string? failure);

    [LoggerMessage(4, LogLevel.Warning, "{Count} dropped files or folders have names that no object can have (no UTF-8, for one), and can not be renamed. Rename them by hand.")]
    private partial void LogUnnameable(int count);

    [LoggerMessage(5, LogLevel.Warning, "{Count} folders in the drop folder are closed to this host: what lies in them is not seen. Give it the right to read and write them.")]
    private partial void LogClosed(int count);

    [LoggerMessage(6, LogLevel.Warning, "The drop folder is a symbolic link, and links are not followed: nothing in it is seen. Mount there what it points to.")]
    private partial void LogLink();

    [LoggerMessage(3, LogLevel.Warning, "The system gives no events of the drop folder (its limit of watches may be reached); it is looked at every {Interval}.")]
    private partial void LogNoEvents(TimeSpan interval);
}
