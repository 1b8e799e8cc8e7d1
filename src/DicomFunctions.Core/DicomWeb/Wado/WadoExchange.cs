using System.Net;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>A request for instances (WADO-RS, PS3.18 §10.4), each a part of a multipart answer, or the only one as it is.</summary>
/// <param name="target">The URL of a study, a series or an instance.</param>
/// <param name="accept">The media type to request.</param>
internal abstract class WadoExchange(Uri target, string accept) : Exchange
{
    public override string Operation => "retrieve_instances";

    public override HttpRequestMessage CreateRequest(IdleTimer idle)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target)
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    public override bool Understands(int statusCode) => statusCode is 200 or 204 or 206;

    /// <summary>Begins to read an answer. Without parts, the outcome is that of the request.</summary>
    protected static async ValueTask<(AnswerParts? Parts, RequestOutcome Outcome)> BeginAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        var type = AnswerType.Of(response.Content.Headers);
        if (code == 204 || (type.IsMissing && response.Content.Headers.ContentLength == 0))
            return (null, RequestOutcome.Succeeded(code));
        if (!type.IsMultipart && !type.IsDicom)
        {
            return (null, RequestOutcome.Refused(
                FailureCode.BadAnswer, $"The server answered {code} with {type.Name}, which is not DICOM."));
        }

        if (type is { IsMultipart: true, Boundary: null })
            return (null, RequestOutcome.Refused(FailureCode.BadAnswer, "The multipart answer has no valid boundary."));
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return (new AnswerParts(body, type.Boundary, response.HasEnd, idle), RequestOutcome.Succeeded(code));
    }

    /// <summary>Why a part is not an instance; null if it may be one.</summary>
    protected static RequestOutcome? Refuse(AnswerPart part) => part.Type is { IsDicom: false, IsMissing: false }
        ? RequestOutcome.Refused(FailureCode.BadAnswer, $"A part of the answer is {part.Type.Name}, not application/dicom.")
        : null;

    /// <summary>The outcome of an answer that could not be read further. Throws what is no matter of its content.</summary>
    protected static RequestOutcome Failed(Exception failure) => failure switch
    {
        EndOfStreamException broken => RequestOutcome.Broken(broken.Message),
        MalformedAnswerException malformed => RequestOutcome.Refused(FailureCode.BadAnswer, malformed.Message),
        _ => throw failure,
    };
}
