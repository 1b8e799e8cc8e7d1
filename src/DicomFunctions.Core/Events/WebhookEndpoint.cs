using System.Globalization;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Events;

/// <summary>Posts events to an address, signed by Standard Webhooks. Each is sent once: the workflow sends it again.</summary>
internal sealed class WebhookEndpoint : IEventEndpoint, IDisposable
{
    /// <summary>The longest Retry-After that is honored.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly HttpMessageInvoker _http = new(ConnectionPool.Create());
    private readonly RequestSender _sender;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;

    public WebhookEndpoint(IOptions<EventOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        var policy = new SendPolicy { IdleTimeout = _options.Timeout, MaxRetryAfter = LongestRetryAfter };
        _sender = new RequestSender(_http, new NoTokenSource(), policy, time);
    }

    public async Task<EventDelivery> SendAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (await ReadSecretAsync(cancellationToken).ConfigureAwait(false) is not { } keys)
            return new EventDelivery($"{nameof(EventOptions.SecretFile)} cannot be read, or holds no secret.");
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var signature = WebhookSignature.Of(keys, id, timestamp, json.Span);
        var request = new WebhookRequest(_options.Url!, id, timestamp.ToString(CultureInfo.InvariantCulture), signature, json);
        var outcome = await _sender.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return outcome.Success ? EventDelivery.Accepted : new EventDelivery(Describe(outcome), outcome.RetryAfter);
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<IReadOnlyList<byte[]>?> ReadSecretAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = _options.Secret ?? await File.ReadAllTextAsync(_options.SecretFile!, cancellationToken).ConfigureAwait(false);
            return WebhookSecret.TryParse(text, out var keys) ? keys : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The status alone: what the server says of it may be anything.</summary>
    private static string Describe(in RequestOutcome outcome) =>
        outcome.Status.Code > 0 ? $"It answered {outcome.Status}." : outcome.Status.ToString();
}
