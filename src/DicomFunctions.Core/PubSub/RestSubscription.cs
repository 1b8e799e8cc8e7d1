using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.PubSub;

/// <summary>
/// A subscription over the Pub/Sub REST API (https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions), for hosts
/// without a gRPC client. Nothing is sent twice unless its token was refused: the pump pulls again.
/// </summary>
internal sealed class RestSubscription(
    HttpMessageInvoker http, IAccessTokenSource tokens, IOptions<NotificationOptions> options, TimeProvider time)
    : INotificationSubscription
{
    /// <summary>A request may have at most 512 KiB; an id has about 200 bytes.</summary>
    private const int MaxAckBytes = 400 * 1024;

    /// <summary>The permission to pull and acknowledge.</summary>
    private const string Consume = "pubsub.subscriptions.consume";

    /// <summary>The time limit of calls that are answered at once.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    private static readonly RestSubscriptionJson Types = RestSubscriptionJson.Default;

    private readonly RequestSender _sender = new(http, tokens, new SendPolicy(), time);

    private readonly string _subscription =
        $"{options.Value.BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/{options.Value.Subscription}";

    public async Task<IReadOnlyList<ReceivedMessage>> PullAsync(int maxMessages, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.PullTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var pull = Post("pull", new PullRequest(maxMessages), Types.PullRequest, Types.PullResponse);
            await SendAsync("pull", pull, either.Token).ConfigureAwait(false);
            return [.. (pull.Answer?.ReceivedMessages ?? []).Select(ReceivedMessageReader.Read).OfType<ReceivedMessage>()];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No message arrived in time. Google's emulator would keep a pull open for a minute and a half.
            return [];
        }
    }

    public Task AcknowledgeAsync(IReadOnlyList<string> ackIds, CancellationToken cancellationToken) =>
        SendInChunksAsync("acknowledge", ackIds, deadline: null, cancellationToken);

    public Task ExtendAsync(IReadOnlyList<string> ackIds, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendInChunksAsync("modifyAckDeadline", ackIds, (int)deadline.TotalSeconds, cancellationToken);

    /// <summary>
    /// Whether this host's account may pull messages. Pulls none. An emulator has no permissions, and only says whether the subscription
    /// exists.
    /// </summary>
    /// <exception cref="NotificationException">Pub/Sub cannot be reached or refuses the credentials.</exception>
    public async Task<bool> MayBePulledAsync(CancellationToken cancellationToken)
    {
        const string Method = "testIamPermissions";
        var asked = Post(Method, new PermissionList([Consume]), Types.PermissionList, Types.PermissionList);
        var answer = await TrySendAsync(Method, asked, cancellationToken).ConfigureAwait(false);
        if (answer.Success)
            return asked.Answer?.Permissions?.Contains(Consume) == true;
        if (answer.Status.Code == 0)
            throw Unreadable("", answer);

        var look = new RestCall<PermissionList>("look", HttpMethod.Get, new Uri(_subscription), body: null, answer: null);
        var found = await TrySendAsync("", look, cancellationToken).ConfigureAwait(false);
        return found switch
        {
            { Success: true } => true,
            { Status.Code: 404 } => false,
            _ => throw new NotificationException($"Pub/Sub answered {found.Status}: {Hint(found)}."),
        };
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
                var call = Post<AckRequest, AckRequest>(method, new AckRequest(chunk, deadline), Types.AckRequest, answer: null);
                await SendAsync(method, call, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new NotificationException($"Pub/Sub did not answer to {method} in time.", exception);
            }
        }
    }

    private RestCall<TAnswer> Post<TBody, TAnswer>(string method, TBody body, JsonTypeInfo<TBody> type, JsonTypeInfo<TAnswer>? answer)
        where TAnswer : class =>
        new(method, HttpMethod.Post, new Uri($"{_subscription}:{method}"), () => JsonContent.Create(body, type), answer);

    private async Task SendAsync(string method, Exchange call, CancellationToken cancellationToken)
    {
        var answer = await TrySendAsync(method, call, cancellationToken).ConfigureAwait(false);
        if (answer.Success)
            return;
        throw answer.Status.Code == 0
            ? Unreadable($" to {method}", answer)
            : new NotificationException($"Pub/Sub answered {answer.Status} to {method}: {Hint(answer)}.");
    }

    /// <summary>Sends a call and returns its outcome. Throws if there was no answer.</summary>
    private async Task<RequestOutcome> TrySendAsync(string method, Exchange call, CancellationToken cancellationToken)
    {
        RequestOutcome outcome;
        try
        {
            outcome = await _sender.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (HostTrouble.Is(exception))
        {
            // It may pass: the pump pulls again.
            throw Unanswered(exception is AccessTokenException ? RequestFailure.NoToken : RequestFailure.Host, method, exception);
        }

        return outcome.Failure == RequestFailure.None ? outcome : throw Unanswered(outcome.Failure, method, outcome.Cause!);
    }

    private static NotificationException Unanswered(RequestFailure failure, string method, Exception cause) => new(
        failure == RequestFailure.NoToken
            ? "Could not obtain an access token for Pub/Sub. Check the credentials of this host."
            : $"Pub/Sub could not be reached{(method.Length == 0 ? "" : $" for {method}")}.",
        cause);

    private static NotificationException Unreadable(string toMethod, in RequestOutcome answer) =>
        new($"Pub/Sub answered{toMethod} with {answer.Status}. Check the base URL.", answer.Cause!);

    private static string Hint(in RequestOutcome answer) => answer.Status.Code switch
    {
        404 => "there is no such subscription",
        401 => "the credentials were refused",
        403 => "not permitted; roles/pubsub.subscriber is needed",
        429 => "the quota is used up",
        _ => "the request failed",
    };
}
