using System.Globalization;
using DicomFunctions.Core.PubSub;
using Google.Cloud.PubSub.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using PullRequest = Google.Cloud.PubSub.V1.PullRequest;
using ReceivedMessage = DicomFunctions.Core.PubSub.ReceivedMessage;

namespace DicomFunctions.App.PubSub;

/// <summary>A subscription that uses Google's client library. The client is created when first needed.</summary>
internal sealed class PubSubSubscription(
    Func<CancellationToken, Task<SubscriberServiceApiClient>> open, IOptions<NotificationOptions> options, TimeProvider time)
    : INotificationSubscription
{
    /// <summary>A request may have at most 512 KiB; an id has about 200 bytes.</summary>
    private const int MaxAckIds = 1_000;

    private SubscriberServiceApiClient? _client;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReceivedMessage>> PullAsync(int maxMessages, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.PullTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var request = new PullRequest { SubscriptionAsSubscriptionName = Name(), MaxMessages = maxMessages };
        try
        {
            var client = await ClientAsync(either.Token).ConfigureAwait(false);
            var pulled = await client.PullAsync(request, either.Token).ConfigureAwait(false);
            return [.. pulled.ReceivedMessages.Select(Received)];
        }
        catch (Exception exception) when (IsEndOfWait(exception) && !cancellationToken.IsCancellationRequested)
        {
            // No message arrived in time.
            return [];
        }
        catch (RpcException exception)
        {
            throw Translate("pull", exception, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(IReadOnlyList<string> ackIds, CancellationToken cancellationToken) =>
        EachChunkAsync(
            "acknowledge", ackIds, (client, chunk) => client.AcknowledgeAsync(Name(), chunk, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ExtendAsync(IReadOnlyList<string> ackIds, TimeSpan deadline, CancellationToken cancellationToken) =>
        EachChunkAsync(
            "extend",
            ackIds,
            (client, chunk) => client.ModifyAckDeadlineAsync(Name(), chunk, (int)deadline.TotalSeconds, cancellationToken),
            cancellationToken);

    private async Task EachChunkAsync(
        string method, IReadOnlyList<string> ackIds, Func<SubscriberServiceApiClient, IEnumerable<string>, Task> call,
        CancellationToken cancellationToken)
    {
        try
        {
            var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
            foreach (var chunk in ackIds.Chunk(MaxAckIds))
                await call(client, chunk).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw Translate(method, exception, cancellationToken);
        }
    }

    private async ValueTask<SubscriberServiceApiClient> ClientAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Two concurrent callers may both create one; they share its channels.
            return _client ??= await open(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new NotificationException("Cannot use Pub/Sub: no credential found, or it is unreadable.", exception);
        }
    }

    private SubscriptionName Name() =>
        options.Value.Subscription is { } name
            ? SubscriptionName.Parse(name)
            : throw new NotificationException(
                $"No subscription is configured. Set {NotificationOptions.SectionName}:{nameof(NotificationOptions.Subscription)}.");

    private static bool IsEndOfWait(Exception exception) =>
        exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.DeadlineExceeded };

    private static Exception Translate(string method, RpcException exception, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(exception.Message, exception, cancellationToken)
            : new NotificationException($"Pub/Sub answered {exception.StatusCode} to {method}: {Hint(exception.StatusCode)}.", exception);

    private static string Hint(StatusCode status) => status switch
    {
        StatusCode.NotFound => "no such subscription",
        StatusCode.Unauthenticated => "the credentials were refused",
        StatusCode.PermissionDenied => "no permission; grant roles/pubsub.subscriber",
        StatusCode.ResourceExhausted => "the quota is used up",
        StatusCode.Unavailable => "it is unreachable or overloaded",
        _ => "the request failed",
    };

    /// <summary>Reads a message. One that lacks a part becomes a failed record, and must not hold up the others.</summary>
    private static ReceivedMessage Received(Google.Cloud.PubSub.V1.ReceivedMessage received)
    {
        var message = received.Message ?? new PubsubMessage();
        return new ReceivedMessage
        {
            AckId = received.AckId,
            Data = message.Data.Memory,
            Attributes = message.Attributes,
            MessageId = message.MessageId,
            PublishTime = PublishTime(message.PublishTime),
        };
    }

    private static string PublishTime(Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            return "";
        }
    }
}
