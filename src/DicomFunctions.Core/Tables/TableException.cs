namespace DicomFunctions.Core.Tables;

/// <summary>The requested columns are invalid, or there are too many; the message says what to do.</summary>
internal sealed class TableException : Exception
{
    public TableException() { }

    public TableException(string message) : base(message) { }

    public TableException(string message, Exception innerException) : base(message, innerException) { }
}
