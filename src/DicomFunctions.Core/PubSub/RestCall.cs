using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.PubSub;

/// <summary>A call of the Pub/Sub REST API.</summary>
/// <param name="operation">What it is for: see <see cref="Exchange.Operation"/>.</param>
/// <param name="verb">The HTTP method.</param>
/// <param name="target">The URL.</param>
/// <param name="body">Creates the body for an attempt; null if it has none.</param>
/// <param name="answer">The JSON of the answer; null to ignore its body.</param>
internal sealed class RestCall<T>(
    string operation, HttpMethod verb, Uri target, Func<HttpContent>? body, JsonTypeInfo<T>? answer) : Exchange
    where T : class
{
    public override string Operation => operation;

    /// <summary>The answer; null if it has none.</summary>
    public T? Answer { get; private set; }

    public override HttpRequestMessage CreateRequest(IdleTimer idle) => new(verb, target) { Content = body?.Invoke() };

    public override bool Understands(int statusCode) => statusCode is >= 200 and < 300;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        try
        {
            if (answer is not null)
                Answer = await response.Content.ReadFromJsonAsync(answer, cancellationToken).ConfigureAwait(false);
            return RequestOutcome.Succeeded((int)response.StatusCode);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or in a character set that does not exist.
            return RequestOutcome.Refused(FailureCode.BadAnswer, "something that is not its JSON", exception);
        }
    }
}
