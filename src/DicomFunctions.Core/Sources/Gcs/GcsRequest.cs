using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>A request to Cloud Storage.</summary>
internal sealed class GcsRequest<T>(Uri target, GcsClient.Reader<T> read) : Exchange
    where T : class
{
    public override string Operation => "read_source";

    /// <summary>What was read; null if nothing was.</summary>
    public T? Value { get; private set; }

    public override HttpRequestMessage CreateRequest(IdleTimer idle) => new(HttpMethod.Get, target);

    public override bool Understands(int statusCode) => statusCode is >= 200 and < 300;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        try
        {
            Value = await read(response, cancellationToken).ConfigureAwait(false);
            KeepsResponse = true;
            return RequestOutcome.Succeeded((int)response.StatusCode);
        }
        catch (JsonException exception)
        {
            return RequestOutcome.Refused(FailureCode.BadAnswer, "What answers is not Cloud Storage: it sends no such JSON.", exception);
        }
    }
}
