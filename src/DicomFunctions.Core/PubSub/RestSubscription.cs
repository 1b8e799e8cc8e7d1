using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using DicomFunctions.Core.Authorization;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.PubSub;

/// <summary>
/// A subscription over the Pub/Sub REST API (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions), for hosts
/// that bring no gRPC client.
/// </summary>
internal sealed class RestSubscription(
    HttpClient http, IAccessTokenSource tokens, IOptions<NotificationOptions> options, TimeProvider time) : INotificationSubscription
{
    /// <summary>A request has at most 512 KiB; ids of Google's are some 200 bytes.</summary>
    private const int MaxAckBytes = 400 * 1024;

    /// <summary>The permission to pull and acknowledge.</summary>
    private const string Consume = "pubsub.subscriptions.consume";

    /// <summary>For the calls that answer at once.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    private readonly string _subscription =
        $"{options.Value.BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/{options.Value.Subscription}";

    public async Task<IReadOnlyList<ReceivedNotification>> PullAsync(int maxMessages, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.PullTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await SendAsync("pull", Body, either.Token).ConfigureAwait(false);
            var pulled = await response.Content.ReadFromJsonAsync(RestSubscriptionJson.Default.PullResponse, either.Token).ConfigureAwait(false);
            return [.. (pulled?.ReceivedMessages ?? []).Select(ReceivedMessageReader.Read).OfType<ReceivedNotification>()];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new NotificationException("Pub/Sub answered to pull with something that is not its JSON. Check the base URL.", exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing came in time. A blocking pull of Google's emulator would hold on for a minute and a half.
            return [];
        }

        HttpContent Body() => JsonContent.Create(new PullRequest(maxMessages), RestSubscriptionJson.Default.PullRequest);
    }

    public Task AcknowledgeAsync(IReadOnlyList<string> ackIds, CancellationToken cancellationToken) =>
        SendInChunksAsync("acknowledge", ackIds, deadline: null, cancellationToken);

    public Task ExtendAsync(IReadOnlyList<string> ackIds, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendInChunksAsync("modifyAckDeadline", ackIds, (int)deadline.TotalSeconds, cancellationToken);

    /// <summary>
    /// Whether this host's account may take messages. None is taken. An emulator knows no permissions, and tells only whether the
    /// subscription is there.
    /// </summary>
    /// <exception cref="NotificationException">Pub/Sub cannot be reached, or refuses the credentials.</exception>
    public async Task<bool> MayBePulledAsync(CancellationToken cancellationToken)
    {
        using var asked = await TrySendAsync(HttpMethod.Post, ":testIamPermissions", Body, cancellationToken).ConfigureAwait(false);
        if (asked.IsSuccessStatusCode)
        {
            try
            {
                var granted = await asked.Content.ReadFromJsonAsync(RestSubscriptionJson.Default.PermissionList, cancellationToken).ConfigureAwait(false);
                return granted?.Permissions?.Contains(Consume) == true;
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                throw new NotificationException("Pub/Sub answered with something that is not its JSON. Check the base URL.", exception);
            }
        }

        using var found = await TrySendAsync(HttpMethod.Get, "", () => null, cancellationToken).ConfigureAwait(false);
        return found.StatusCode != HttpStatusCode.NotFound && (found.IsSuccessStatusCode
            ? true
            : throw new NotificationException($"Pub/Sub answered {(int)found.StatusCode}: {Hint(found.StatusCode)}."));

        static HttpContent Body() => JsonContent.Create(new PermissionList([Consume]), RestSubscriptionJson.Default.PermissionList);
    }

    private async Task SendInChunksAsync(string method, IReadOnlyList<string> ackIds, int? deadline, CancellationToken cancellationToken)
    {
        for (var next = 0; next < ackIds.Count;)
        {
            List<string> chunk = [];
            for (var bytes = 0; next < ackIds.Count && (chunk.Count == 0 || bytes + ackIds[next].Length < MaxAckBytes); next++)
            {
                chunk.Add(ackIds[next]);
                bytes += ackIds[next].Length + 3;
            }

            using var timeout = new CancellationTokenSource(CallTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                using var response = await SendAsync(
                    method,
                    () => JsonContent.Create(new AckRequest(chunk, deadline), RestSubscriptionJson.Default.AckRequest),
                    either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new NotificationException($"Pub/Sub did not answer to {method} in time.", exception);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, Func<HttpContent> body, CancellationToken cancellationToken)
    {
        var response = await TrySendAsync(HttpMethod.Post, ":" + method, body, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        var status = response.StatusCode;
        response.Dispose();
        throw new NotificationException($"Pub/Sub answered {(int)status} to {method}: {Hint(status)}.");
    }

    /// <summary>Sends a request, again with a fresh token when one is refused, and gives the answer whatever its status.</summary>
    private async Task<HttpResponseMessage> TrySendAsync(
        HttpMethod verb, string method, Func<HttpContent?> body, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
            // Made anew: the content of a request that was sent is used up.
            using var request = new HttpRequestMessage(verb, _subscription + method) { Content = body() };
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage response;
            try
            {
                response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or SocketException)
            {
                throw new NotificationException($"Pub/Sub could not be reached{(method.Length == 0 ? "" : $" for {method[1..]}")}.", exception);
            }

            if (response.StatusCode != HttpStatusCode.Unauthorized || isRetry || token is null)
                return response;
            response.Dispose();
            tokens.Invalidate(token);
        }
    }

    private async ValueTask<string?> TokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new NotificationException("No access token could be had for Pub/Sub. Check the credentials of this host.", exception);
        }
    }

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "there is no such subscription",
        HttpStatusCode.Unauthorized => "the credentials were refused",
        HttpStatusCode.Forbidden => "not permitted; roles/pubsub.subscriber is needed",
        HttpStatusCode.TooManyRequests => "the quota is used up",
        _ => "the request failed",
    };
}

internal sealed record PullRequest(int MaxMessages);

/// <summary>Messages as they came: what one of them lacks must not make the others unreadable.</summary>
internal sealed record PullResponse(List<JsonElement>? ReceivedMessages);

internal sealed record AckRequest(List<string> AckIds, int? AckDeadlineSeconds);

internal sealed record PermissionList(List<string>? Permissions);

/// <summary>The JSON of the Pub/Sub REST API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(PullResponse))]
[JsonSerializable(typeof(AckRequest))]
[JsonSerializable(typeof(PermissionList))]
internal sealed partial class RestSubscriptionJson : JsonSerializerContext;
