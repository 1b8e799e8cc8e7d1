using System.Globalization;

namespace DicomFunctions.Core.Net;

/// <summary>The <c>status</c> of a record: the server's HTTP status code, or a text when there was no answer.</summary>
public readonly record struct OutcomeStatus
{
    private OutcomeStatus(int code, string? text) => (Code, Text) = (code, text);

    /// <summary>The HTTP status code; 0 when there is a <see cref="Text"/>.</summary>
    public int Code { get; }

    /// <summary>Why there was no answer; null when there is a <see cref="Code"/>.</summary>
    public string? Text { get; }

    public static OutcomeStatus Of(int code) => new(code, null);

    public static OutcomeStatus Of(string text) => new(0, text);

    public override string ToString() => Text ?? Code.ToString(CultureInfo.InvariantCulture);
}
