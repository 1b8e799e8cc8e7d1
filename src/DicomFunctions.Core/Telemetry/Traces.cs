using System.Diagnostics;
using System.Globalization;

namespace DicomFunctions.Core.Telemetry;

/// <summary>
/// The spans: a request, the turns of the workflow it starts, their activities, and the activities' calls of the store. Each method returns
/// null if nobody listens.
/// </summary>
/// <remarks>
/// A trace crosses the engine as a <c>traceparent</c> (https://www.w3.org/TR/trace-context/), which holds two random numbers. Durable
/// Functions has spans of its own for orchestrations, and passes the trace on itself.
/// </remarks>
internal static class Traces
{
    private static readonly ActivitySource Source = new(Instruments.Name);

    /// <summary>The <c>traceparent</c> of the current span, for what it starts; null if there is none.</summary>
    public static string? Parent =>
        Source.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>A request to the API begins.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="route">The route's template: the path itself has ids.</param>
    /// <param name="traceParent">What the caller sent as <c>traceparent</c>.</param>
    /// <param name="traceState">What the caller sent as <c>tracestate</c>.</param>
    public static Activity? BeginRequest(string method, string? route, string? traceParent, string? traceState)
    {
        if (!Source.HasListeners())
            return null;
        return Begin(
            route is null ? method : $"{method} {route}", ActivityKind.Server, traceParent, traceState,
            [new(Tag.Method, method), new(Tag.Route, route)]);
    }

    /// <summary>A turn of a workflow begins to run in this process. The span does not become the current one.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="instance">Its instance; for a job, the job's id.</param>
    /// <param name="turn">The number of the turn.</param>
    /// <param name="traceParent">The <see cref="Parent"/> when the instance was started.</param>
    public static Activity? BeginTurn(string workflow, string instance, int turn, string? traceParent)
    {
        if (!Source.HasListeners())
            return null;
        var current = Activity.Current;
        var span = Begin(
            $"orchestration {workflow}", ActivityKind.Internal, traceParent, traceState: null,
            [new(Tag.Workflow, workflow), new(Tag.Instance, instance), new(Tag.Turn, turn)]);
        Activity.Current = current;
        return span;
    }

    /// <summary>An activity begins, as a part of the current span.</summary>
    public static Activity? BeginActivity(string name)
    {
        var span = Source.StartActivity($"activity {name}");
        CallSpans.LimitIn(span);
        return span?.SetTag(Tag.Activity, name);
    }

    /// <summary>
    /// A call has ended, which was a part of the current span. Its span is made afterwards, so that most calls need none.
    /// </summary>
    public static Activity? EndCall(string operation, ActivityTagsCollection tags, DateTimeOffset endedAt, TimeSpan duration)
    {
        var span = Source.StartActivity(
            ActivityKind.Client, parentContext: Activity.Current?.Context ?? default, tags, startTime: endedAt - duration, name: operation);
        span?.SetEndTime(endedAt.UtcDateTime);
        return span;
    }

    /// <summary>Notes the answer to a request.</summary>
    public static void Answer(this Activity? span, int statusCode)
    {
        span?.SetTag(Tag.StatusCode, statusCode);
        if (statusCode >= 500)
            span.Fail(statusCode.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Notes on a span why it failed: a type, never a message, which may quote anything.</summary>
    public static void Fail(this Activity? span, string errorType) =>
        span?.SetTag(Tag.ErrorType, errorType).SetStatus(ActivityStatusCode.Error);

    /// <summary>Begins a span whose parent is elsewhere, or that has none, whatever the current one is.</summary>
    private static Activity? Begin(
        string name, ActivityKind kind, string? traceParent, string? traceState, KeyValuePair<string, object?>[] tags)
    {
        Activity.Current = null;
        ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var parent);
        return Source.StartActivity(name, kind, parent, tags);
    }
}
