using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>A job was written, and the engine could not be asked whether it has it: it may run, or be interrupted.</summary>
internal sealed class JobNotStartedException : ObjectStoreException
{
    public JobNotStartedException() { }

    public JobNotStartedException(string message) : base(message) { }

    public JobNotStartedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The job, which can be looked at, resumed and deleted.</summary>
    public string? JobId { get; private init; }

    internal static JobNotStartedException Of(string id, Exception cause) => new(
        $"The workflow engine cannot be reached, so job {id} may or may not have started. Look at it before you send the request again: "
        + "if it is interrupted, resume it.",
        cause)
    {
        JobId = id,
    };
}
