using System.Net;
using System.Net.Http.Headers;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>One store transaction with its answer.</summary>
internal sealed class StowExchange(Uri target, IReadOnlyList<StowInstance> instances, bool multipart) : Exchange
{
    private const int MaxResponseBytes = 8 << 20;
    private static readonly MediaTypeWithQualityHeaderValue DicomJson = new("application/dicom+json");

    public override string Operation => "store";

    /// <summary>The server's answer for each instance; null if it was not readable.</summary>
    public StowResponse? Response { get; private set; }

    /// <summary>Whether one of the instances could not be read completely, so that none was stored.</summary>
    public bool SourceFailed { get; private set; }

    public override HttpRequestMessage CreateRequest(IdleTimer idle)
    {
        SourceFailed = false;
        return new HttpRequestMessage(HttpMethod.Post, target)
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Version = HttpVersion.Version20,
            Headers = { Accept = { DicomJson } },
            Content = new StowContent(instances, multipart, idle),
        };
    }

    // Orthanc answers 400 if one part is bad, and lists the good ones, which it has stored.
    public override bool Understands(int statusCode) => statusCode is (>= 200 and < 300) or 400 or 409;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        await response.Content.LoadIntoBufferAsync(MaxResponseBytes, cancellationToken).ConfigureAwait(false);
        var body = WithoutByteOrderMark(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        Response = StowResponse.TryParse(body);
        // HTTP does not always reveal a truncated answer: without a length, the end of the connection is its end.
        if (Response is null && StowResponse.BreaksOff(body.Span))
            return RequestOutcome.Broken("The answer broke off.");
        if (Response is null)
            return new RequestOutcome { Success = code < 300, Status = OutcomeStatus.Of(code), Error = ServerErrorReader.Parse(body) };
        return new RequestOutcome { Success = code < 300, Status = OutcomeStatus.Of(code), IsTransient = MayAllBeStoredLater(Response) };
    }

    /// <summary>What the answer says about <paramref name="instance"/>.</summary>
    public StowVerdict VerdictOf(StowInstance instance) => StowVerdict.Of(Response, instance.Header, isAlone: instances.Count == 1);

    private bool MayAllBeStoredLater(StowResponse response) =>
        response.Failed.Count > 0
        && response.Failed.All(item => FailureReason.IsTransient(item.FailureReason))
        && !instances.Any(instance => VerdictOf(instance).Fate == StowFate.Stored);

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(byte[] body) => body.AsMemory(body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);

    public override RequestOutcome? Fatal(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ObjectStoreException)
                OwnFailure = inner;
            if (inner is StowSourceException source)
            {
                SourceFailed = true;
                return RequestOutcome.Refused(source.Code, source.Message) with { IsTransient = source.IsTransient };
            }
        }

        return null;
    }
}
