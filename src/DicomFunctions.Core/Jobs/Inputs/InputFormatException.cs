using System.Text.Json;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A request's body can not be read; the message says what is wrong, at which line and position.</summary>
public sealed class InputFormatException : Exception
{
    public InputFormatException() { }

    public InputFormatException(string message) : base(message) { }

    public InputFormatException(string message, Exception innerException) : base(message, innerException) { }

    internal static InputFormatException At(JsonException exception)
    {
        var message = exception.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        message = end < 0 ? message : message[..end];
        return new InputFormatException(
            $"Line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1}: {message}", exception);
    }
}
