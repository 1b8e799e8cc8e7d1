using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace DicomFunctions.Testing;

/// <summary>
/// The spans and measurements that an exporter would be given: those of the system, and of other sources by name. Of this whole process: a
/// test tells its own spans by their trace.
/// </summary>
public sealed class Signals : IDisposable
{
    private const string Name = "DicomFunctions";

    private readonly ActivitySource _tests = new("DicomFunctions.Testing");
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters = new();

    /// <param name="otherSources">Sources of spans besides the system's.</param>
    public Signals(params string[] otherSources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Name || source == _tests || otherSources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _meters.Start();
    }

    /// <summary>All measurements so far.</summary>
    public IReadOnlyCollection<Measured> Measurements => _measured;

    /// <summary>Begins a span of a test: what a caller's own trace is.</summary>
    public Activity BeginCaller() => _tests.StartActivity("caller")!;

    /// <summary>The spans of a trace that have ended.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace)];

    /// <summary>Asks for what is observed rather than recorded.</summary>
    public void Observe() => _meters.RecordObservableInstruments();

    /// <summary>The sum of measurements with these attributes, among others.</summary>
    public double Sum(string instrument, params (string Key, string Value)[] tags) => Find(instrument, tags).Sum(one => one.Value);

    /// <summary>The number of measurements with these attributes, among others.</summary>
    public int Count(string instrument, params (string Key, string Value)[] tags) => Find(instrument, tags).Count();

    /// <summary>Everything as text, to look for what must not be in it.</summary>
    public string AsText() => string.Join(
        '\n', [.. _spans.Select(AsText), .. _measured.Select(one => $"{one.Instrument} {AsText(one.Tags)}")]);

    public void Dispose()
    {
        _listener.Dispose();
        _meters.Dispose();
        _tests.Dispose();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new(instrument.Name, value, [.. tags]));

    private IEnumerable<Measured> Find(string instrument, (string Key, string Value)[] tags) => _measured.Where(
        one => one.Instrument == instrument && tags.All(tag => one.Tags.Any(has => has.Key == tag.Key && Equals(has.Value, tag.Value))));

    private static string AsText(Activity span) => string.Join(
        ' ',
        [
            span.OperationName, span.DisplayName, span.StatusDescription, span.TraceStateString, AsText(span.TagObjects),
            .. span.Events.Select(each => $"{each.Name} {AsText(each.Tags)}"), .. span.Baggage.Select(each => $"{each.Key}={each.Value}"),
        ]);

    private static string AsText(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(
        ' ', tags.Select(tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));

    /// <summary>A measurement.</summary>
    public sealed record Measured(string Instrument, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags);
}
