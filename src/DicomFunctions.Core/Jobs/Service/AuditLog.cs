using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Says who did what to which job, a line each. Names jobs by their ids and callers by what their credential is called.</summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger)
{
    /// <summary>A job was accepted.</summary>
    public void Submitted(JobSpec spec) =>
        LogSubmitted(spec.SubmittedBy ?? Unknown, spec.Kind, spec.Id, spec.Labels is null ? "none" : string.Join(", ", spec.Labels));

    /// <summary>Someone asked for something to be done to a job.</summary>
    /// <param name="caller">Who; null if not known.</param>
    /// <param name="action">What.</param>
    /// <param name="id">The job.</param>
    /// <param name="result">Whether it was done.</param>
    public void Asked(string? caller, string action, string id, JobActionResult result) =>
        LogAsked(caller ?? Unknown, action, Named(id), result.Outcome);

    /// <summary>Someone reads the records of a job.</summary>
    public void Read(string? caller, string id) => LogRead(caller ?? Unknown, Named(id));

    private const string Unknown = "unknown";

    /// <summary>An id that nobody checked may be anything.</summary>
    private static string Named(string id) => JobId.IsValid(id) ? id : "(no valid id)";

    [LoggerMessage(1900, LogLevel.Information, "Audit: {Caller} submitted the {Kind} job {Id} (labels: {Labels})")]
    private partial void LogSubmitted(string caller, JobKind kind, string id, string labels);

    [LoggerMessage(1901, LogLevel.Information, "Audit: {Caller} asked to {Action} the job {Id}: {Outcome}")]
    private partial void LogAsked(string caller, string action, string id, JobActionOutcome outcome);

    [LoggerMessage(1902, LogLevel.Information, "Audit: {Caller} reads the records of the job {Id}")]
    private partial void LogRead(string caller, string id);
}
