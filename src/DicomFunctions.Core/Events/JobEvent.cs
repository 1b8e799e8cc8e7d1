using System.Text.Json.Serialization;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Events;

/// <summary>An event in the JSON format of CloudEvents 1.0. Later builds may add properties.</summary>
internal sealed record JobEvent
{
    /// <summary>The source if the host's address is not known.</summary>
    private const string AnyHost = "/dicomfunctions";

    private const string TypePrefix = "dicomfunctions.job.";

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string Type { get; init; }

    /// <summary>The job's id.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required JobEventData Data { get; init; }

    /// <summary>The id of the event for the end of a job: always the same for the same end.</summary>
    public static string IdOf(JobEnding ending) => $"{ending.Id}-{WordOf(ending.State)}-{ending.Number}";

    /// <summary>The event for the end of a job.</summary>
    /// <param name="ending">The end.</param>
    /// <param name="host">The address of this host; null if it is not known.</param>
    public static JobEvent Of(JobEnding ending, Uri? host)
    {
        var root = host?.AbsoluteUri.TrimEnd('/');
        var url = $"{root}/api/jobs/{ending.Id}";
        return new JobEvent
        {
            Id = IdOf(ending),
            Source = root ?? AnyHost,
            Type = TypePrefix + WordOf(ending.State),
            Subject = ending.Id,
            Time = ending.EndedAt,
            Data = new JobEventData
            {
                Id = ending.Id,
                Kind = ending.Kind,
                State = ending.State,
                Inputs = ending.Inputs,
                Succeeded = ending.Succeeded,
                Failed = ending.Failed,
                NotAttempted = ending.NotAttempted,
                CreatedAt = ending.CreatedAt,
                EndedAt = ending.EndedAt,
                RetryOf = ending.RetryOf,
                StatusUrl = url,
                ResultsUrl = url + "/results",
            },
        };
    }

    private static string WordOf(JobStatus state) => state switch
    {
        JobStatus.Completed => "completed",
        JobStatus.Cancelled => "cancelled",
        _ => "failed",
    };
}
