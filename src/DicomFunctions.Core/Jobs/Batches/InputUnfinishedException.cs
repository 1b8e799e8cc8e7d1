namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// A long input ends its run without a record because the time is up. What it has done is kept; another run continues it.
/// </summary>
internal sealed class InputUnfinishedException : Exception
{
    public InputUnfinishedException() { }

    public InputUnfinishedException(string message) : base(message) { }

    public InputUnfinishedException(string message, Exception innerException) : base(message, innerException) { }
}
