using System.Globalization;

namespace DicomFunctions.Core.Net;

/// <summary>The <c>status</c> of a record: the server's HTTP status code, or a text when there was no answer.</summary>
public readonly record struct OutcomeStatus
{
    private readonly string? _failureCode;

    private OutcomeStatus(int code, string? text, string? failureCode) => (Code, Text, _failureCode) = (code, text, failureCode);

    /// <summary>The HTTP status code; 0 when there is a <see cref="Text"/>.</summary>
    public int Code { get; }

    /// <summary>Why there was no usable answer; null when there is a <see cref="Code"/>.</summary>
    public string? Text { get; }

    /// <summary>The <see cref="Failures.FailureCode"/> of a failure with this status.</summary>
    public string FailureCode => _failureCode ?? Failures.FailureCode.OfStatus(Code);

    /// <summary>The server's status code.</summary>
    public static OutcomeStatus Of(int code) => new(code, null, null);

    /// <summary>There was no usable answer.</summary>
    /// <param name="failureCode">A constant of <see cref="Failures.FailureCode"/>.</param>
    /// <param name="text">Why, for people.</param>
    public static OutcomeStatus Of(string failureCode, string text) => new(0, text, failureCode);

    public override string ToString() => Text ?? Code.ToString(CultureInfo.InvariantCulture);
}
