using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>The engine's log messages for the operator: instance ids, counts and reasons, but no data.</summary>
internal sealed partial class EngineLog(ILogger logger)
{
    [LoggerMessage(700, LogLevel.Information,
        "The engine runs in {Directory}: {Active} instances to continue, at most {MaxConcurrent} activities at once.")]
    private static partial void LogStarted(ILogger logger, string directory, int active, int maxConcurrent);

    [LoggerMessage(701, LogLevel.Information, "Instance {Id} resumed in turn {Turn} after {Events} events.")]
    private static partial void LogResumed(ILogger logger, string id, int turn, int events);

    [LoggerMessage(702, LogLevel.Information, "Instance {Id} is {State}.")]
    private static partial void LogEnded(ILogger logger, string id, WorkflowState state);

    [LoggerMessage(703, LogLevel.Error, "Instance {Id} is {State}: {Reason}")]
    private static partial void LogEndedBadly(ILogger logger, string id, WorkflowState state, string reason);

    [LoggerMessage(704, LogLevel.Warning,
        "Instance {Id}: attempt {Attempt} of activity {Activity} failed ({Reason}); retrying in {Delay}.")]
    private static partial void LogRetry(ILogger logger, string id, string activity, string reason, int attempt, TimeSpan delay);

    [LoggerMessage(705, LogLevel.Error,
        "Cannot write the journal of instance {Id} ({Reason}); the instance restarts from its last durable state in {Delay}.")]
    private static partial void LogStartsOver(ILogger logger, string id, string reason, TimeSpan delay);

    [LoggerMessage(706, LogLevel.Warning,
        "The engine stopped although activities did not respond to cancellation. They run again at the next start.")]
    private static partial void LogStoppedHard(ILogger logger);

    [LoggerMessage(707, LogLevel.Error, "The journal of instance {Id} cannot be read. It was moved to {Path}.")]
    private static partial void LogSetAside(ILogger logger, string id, string path);

    [LoggerMessage(708, LogLevel.Error, "The journal of instance {Id} can be neither read nor moved away: {Reason}")]
    private static partial void LogNotSetAside(ILogger logger, string id, string reason);

    public void Started(string directory, int active, int maxConcurrent) => LogStarted(logger, directory, active, maxConcurrent);

    public void Resumed(string id, int turn, int events) => LogResumed(logger, id, turn, events);

    public void Ended(string id, WorkflowState state, string? reason)
    {
        if (reason is null)
            LogEnded(logger, id, state);
        else
            LogEndedBadly(logger, id, state, reason);
    }

    public void Retries(string id, string activity, string reason, int attempt, TimeSpan delay) =>
        LogRetry(logger, id, activity, reason, attempt, delay);

    public void StartsOver(string id, string reason, TimeSpan delay) => LogStartsOver(logger, id, reason, delay);

    public void SetAside(string id, string path) => LogSetAside(logger, id, path);

    public void NotSetAside(string id, string reason) => LogNotSetAside(logger, id, reason);

    public void StoppedHard() => LogStoppedHard(logger);
}
