using System.Globalization;
using DicomFunctions.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Which jobs a list shows.</summary>
internal sealed class JobsQuery
{
    /// <summary>How many jobs one request looks at, so that a filter that few of them pass has an answer, too.</summary>
    public const int MostLooked = 2_000;

    private const int MaxPage = 1_000;
    private const int DefaultPage = 50;

    private static readonly Dictionary<string, JobStatus> AllStates =
        Enum.GetValues<JobStatus>().ToDictionary(state => state.ToString(), StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, JobKind> AllKinds =
        Enum.GetValues<JobKind>().ToDictionary(kind => kind.ToString(), StringComparer.OrdinalIgnoreCase);

    private HashSet<JobStatus>? _states;
    private HashSet<JobKind>? _kinds;
    private List<string?> _labels = [];
    private DateTimeOffset? _since;

    /// <summary>The most jobs of a page.</summary>
    public int Limit { get; private init; }

    /// <summary>Only jobs with an id before this one; null for all.</summary>
    public string? Before { get; private init; }

    /// <summary>Reads a query.</summary>
    /// <exception cref="BadRequestException">A parameter is unknown or invalid.</exception>
    public static JobsQuery Read(HttpRequest request)
    {
        RequestQuery.Allow(request, "limit", "before", "state", "kind", "label", "since", "until");
        string? before = request.Query["before"];
        if (before is not null && !JobId.IsValid(before))
            throw new BadRequestException("before must be the id of a job.", "before");
        // Ids begin with their time.
        if (Time(request, "until") is { } until
            && JobId.Create(until) is var end && (before is null || string.CompareOrdinal(end, before) < 0))
        {
            before = end;
        }

        var limit = RequestQuery.Number(request, "limit", least: 1) ?? DefaultPage;
        return new JobsQuery
        {
            Limit = limit <= MaxPage
                ? (int)limit
                : throw new BadRequestException($"limit must be a whole number from 1 to {MaxPage}.", "limit"),
            Before = before,
            _states = Words(request, "state", AllStates),
            _kinds = Words(request, "kind", AllKinds),
            _labels = [.. request.Query["label"]],
            _since = Time(request, "since"),
        };
    }

    /// <summary>Whether a job is to be shown.</summary>
    public bool Wants(JobView job) =>
        (_states is null || _states.Contains(job.State))
        && (_kinds is null || (job.Kind is { } kind && _kinds.Contains(kind)))
        && _labels.TrueForAll(label => job.Labels?.Contains(label) == true);

    /// <summary>Whether a job, and all before it, were accepted too early.</summary>
    public bool IsPast(JobView job) => job.CreatedAt < _since;

    private static DateTimeOffset? Time(HttpRequest request, string key)
    {
        if ((string?)request.Query[key] is not { } text)
            return null;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time)
            ? time
            : throw new BadRequestException($"{key} must be a time, such as 2026-11-22T08:00:00Z.", key);
    }

    /// <summary>The values of a filter, separated by commas or in several parameters; null if there is none.</summary>
    private static HashSet<T>? Words<T>(HttpRequest request, string key, IReadOnlyDictionary<string, T> words)
    {
        if (request.Query[key] is not { Count: > 0 } given)
            return null;
        return [.. given.SelectMany(text => (text ?? "").Split(',')).Select(word => words.TryGetValue(word, out var value)
            ? value
            : throw new BadRequestException($"{key} must be one or more of {string.Join(", ", words.Keys).ToLowerInvariant()}.", key))];
    }
}
