using System.Text.Json;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A request's body is invalid; the message says what is wrong, and at which line and position.</summary>
internal sealed class InputFormatException : Exception
{
    public InputFormatException() { }

    public InputFormatException(string message) : base(message) { }

    public InputFormatException(string message, Exception innerException) : base(message, innerException) { }

    internal static InputFormatException At(JsonException exception)
    {
        var message = exception.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var place = new TextPosition(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
        return new InputFormatException(At(place, end < 0 ? message : message[..end]), exception);
    }

    internal static string At(TextPosition place, string message) => $"Line {place.Line + 1}, position {place.BytesInLine + 1}: {message}";
}
