using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>Tells the operator how a store slows this process down: at first, then at most once a minute, and when that is over.</summary>
internal sealed partial class StorePace(DicomStorePath store, ILogger<StorePace> logger, TimeProvider time) : IPaceWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _loggedAt;
    private bool _isLogged;

    /// <summary>Whether requests are held back.</summary>
    public bool IsSlowed { get; private set; }

    /// <summary>Requests a second; null if nothing, or only a pause, holds them back.</summary>
    public double? Rate { get; private set; }

    public void OnSlowed(double? rate, TimeSpan pause)
    {
        (IsSlowed, Rate) = (true, rate);
        if (_loggedAt is { } last && time.GetElapsedTime(last) < Interval)
            return;
        (_loggedAt, _isLogged) = (time.GetTimestamp(), true);
        if (rate is not null)
            LogSlowed(logger, store, Math.Round(rate.Value, 1));
        else
            LogPaused(logger, store, Math.Ceiling(pause.TotalSeconds));
    }

    public void OnFullSpeed()
    {
        (IsSlowed, Rate) = (false, null);
        if (_isLogged)
            LogFullSpeed(logger, store);
        _isLogged = false;
    }

    [LoggerMessage(1001, LogLevel.Warning, "{Store} refuses requests; this process sends it {Rate} a second.")]
    private static partial void LogSlowed(ILogger logger, DicomStorePath store, double rate);

    [LoggerMessage(1002, LogLevel.Warning, "{Store} refuses requests, and asks to wait {Seconds} s.")]
    private static partial void LogPaused(ILogger logger, DicomStorePath store, double seconds);

    [LoggerMessage(1003, LogLevel.Information, "{Store} is at full speed again.")]
    private static partial void LogFullSpeed(ILogger logger, DicomStorePath store);
}
