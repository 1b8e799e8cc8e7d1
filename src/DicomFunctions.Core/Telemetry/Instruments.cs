using System.Diagnostics.Metrics;

namespace DicomFunctions.Core.Telemetry;

/// <summary>
/// The metrics, listed in docs/operations.md: counts, codes and times only. Recording one that nobody listens to costs next to nothing.
/// </summary>
internal static class Instruments
{
    /// <summary>The name of the meter, and of the source of traces.</summary>
    public const string Name = "DicomFunctions";

    private static readonly InstrumentAdvice<double> Short = Boundaries(
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120);

    private static readonly InstrumentAdvice<double> Long = Boundaries(
        0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 43_200, 86_400);

    private static readonly Meter Meter = new(Name);

    /// <summary>
    /// Inputs that have a record, by kind of job and outcome. A run that is repeated after a crash counts its inputs again.
    /// </summary>
    internal static Counter<long> Inputs { get; } = Meter.CreateCounter<long>(
        "dicomfunctions.inputs", "{input}", "Inputs processed, by kind of job and outcome.");

    /// <summary>The payload of inputs, by kind of job.</summary>
    internal static Counter<long> Bytes { get; } = Meter.CreateCounter<long>(
        "dicomfunctions.io", "By", "Bytes of DICOM sent, or of records and instances received, by kind of job.");

    /// <summary>Requests, by operation and status class; its count is their number.</summary>
    internal static Histogram<double> RequestDuration { get; } = Meter.CreateHistogram(
        "dicomfunctions.request.duration", "s", "Time of one request to a service, its answer included.", advice: Short);

    /// <summary>Requests sent again, by operation and by what was wrong with the last attempt.</summary>
    internal static Counter<long> Retries { get; } = Meter.CreateCounter<long>(
        "dicomfunctions.request.retries", "{retry}", "Requests sent again, by operation and cause.");

    /// <summary>Executions of activities, by name.</summary>
    internal static Histogram<double> ActivityDuration { get; } = Meter.CreateHistogram(
        "dicomfunctions.activity.duration", "s", "Time of one execution of an activity.", advice: Short);

    /// <summary>Jobs that ended, by kind and state.</summary>
    internal static Histogram<double> JobDuration { get; } = Meter.CreateHistogram(
        "dicomfunctions.job.duration", "s", "Time from the start of a job to its end.", advice: Long);

    /// <summary>Notifications accepted as jobs.</summary>
    internal static Counter<long> Notifications { get; } = Meter.CreateCounter<long>(
        "dicomfunctions.notifications", "{message}", "Notifications pulled and accepted.");

    /// <summary>Pulls of the subscription, by outcome.</summary>
    internal static Counter<long> Pulls { get; } = Meter.CreateCounter<long>(
        "dicomfunctions.pulls", "{pull}", "Pulls of the subscription, by outcome.");

    /// <summary>A meter of the same name for what is observed of an object, and ends with it.</summary>
    internal static Meter CreateMeter() => new(Name);

    private static InstrumentAdvice<double> Boundaries(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
