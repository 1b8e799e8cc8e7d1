using System.Runtime.InteropServices;

namespace DicomFunctions.Local.Cli;

/// <summary>
/// Ctrl+C and similar signals, handled from before a command starts until it has ended, so that a signal during the start is not lost.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeSpan _patience;

    /// <param name="patience">How long a command may take to stop.</param>
    public StopSignals(TimeSpan patience)
    {
        _patience = patience;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Completes when the command takes too long to stop, or at a second signal.</summary>
    public Task Overdue => _overdue.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_stop.IsCancellationRequested)
            _overdue.TrySetResult();
        else
            _ = StopAsync();
    }

    private async Task StopAsync()
    {
        // Not awaited: the time limit applies even if a cancelled operation blocks the cancellation.
        _ = _stop.CancelAsync();
        await Task.Delay(_patience).ConfigureAwait(false);
        _overdue.TrySetResult();
    }
}
