using System.Net;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Retrieves instances (WADO-RS, PS3.18 §10.4), each a part of a multipart answer, or the only one as it is.</summary>
/// <param name="target">The URL of a study, a series or an instance.</param>
/// <param name="accept">The media type to request.</param>
/// <param name="startsOver">Whether another attempt may be made once an instance was given.</param>
/// <param name="give">Receives each instance; false to read no further, which is a failure.</param>
internal sealed class InstancesExchange(
    Uri target, string accept, bool startsOver, Func<Stream, CancellationToken, ValueTask<bool>> give) : Exchange
{
    /// <summary>The number of instances in the last answer.</summary>
    public int Instances { get; private set; }

    /// <summary>The number of instances given, over all attempts.</summary>
    public long Given { get; private set; }

    public override bool MayRepeat => startsOver || Given == 0;

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

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        Instances = 0;
        var code = (int)response.StatusCode;
        if (code == 204)
            return RequestOutcome.Succeeded(code);
        var type = AnswerType.Of(response.Content.Headers);
        if (type.IsMissing && response.Content.Headers.ContentLength == 0)
            return RequestOutcome.Succeeded(code);
        if (!type.IsMultipart && !type.IsDicom)
            return RequestOutcome.Refused($"The server answered {code} with {type.Name}, which is not DICOM.");
        if (type is { IsMultipart: true, Boundary: null })
            return RequestOutcome.Refused("The multipart answer has no valid boundary.");
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var parts = new AnswerParts(body, type.Boundary, response.HasEnd, idle);
            try
            {
                return await ReadPartsAsync(parts, code, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (parts.Failure is not null)
            {
                return parts.Failure switch
                {
                    EndOfStreamException broken => RequestOutcome.Broken(broken.Message),
                    MalformedAnswerException malformed => RequestOutcome.Refused(malformed.Message),
                    var failure => throw failure,
                };
            }
        }
    }

    private async ValueTask<RequestOutcome> ReadPartsAsync(AnswerParts parts, int code, CancellationToken cancellationToken)
    {
        while (await parts.NextAsync().ConfigureAwait(false) is { } part)
        {
            if (part.Type is { IsDicom: false, IsMissing: false })
                return RequestOutcome.Refused($"A part of the answer is {part.Type.Name}, not application/dicom.");
            if (!await GiveAsync(parts, part, cancellationToken).ConfigureAwait(false))
                return RequestOutcome.Refused("The answer was not read to its end.");
            Instances++;
            Given++;
        }

        await parts.FinishAsync().ConfigureAwait(false);
        return RequestOutcome.Succeeded(code);
    }

    private async ValueTask<bool> GiveAsync(AnswerParts parts, AnswerPart part, CancellationToken cancellationToken)
    {
        try
        {
            if (!await give(part, cancellationToken).ConfigureAwait(false))
                return false;
        }
        catch (Exception exception) when (parts.Failure is null && !cancellationToken.IsCancellationRequested)
        {
            OwnFailure = exception;
            throw;
        }

        // One who did not see that the part broke off does not make it whole.
        await parts.SkipPartAsync().ConfigureAwait(false);
        return true;
    }
}
