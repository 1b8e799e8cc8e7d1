using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>The key of a submission belongs to a job of another submission.</summary>
internal sealed class KeyConflictException : Exception, ISafeMessage
{
    public KeyConflictException() { }

    public KeyConflictException(string message) : base(message) { }

    public KeyConflictException(string message, Exception innerException) : base(message, innerException) { }

    internal static KeyConflictException Of(JobClaim claim) => new(
        $"The key was used for job {claim.JobId}, whose inputs or options differ. Use another key for another submission.");
}
