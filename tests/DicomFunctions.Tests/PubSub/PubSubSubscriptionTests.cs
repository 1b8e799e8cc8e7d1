using DicomFunctions.App.PubSub;
using DicomFunctions.Core.PubSub;
using Google.Api.Gax;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Moq;
using Xunit;
using Encoding = System.Text.Encoding;
using PullRequest = Google.Cloud.PubSub.V1.PullRequest;
using PullResponse = Google.Cloud.PubSub.V1.PullResponse;
using ReceivedMessage = Google.Cloud.PubSub.V1.ReceivedMessage;

namespace DicomFunctions.App.Tests.PubSub;

public sealed class PubSubSubscriptionTests
{
    private const string Name = "projects/p/subscriptions/dicom-functions";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Mock<SubscriberServiceApiClient> _client = new();
    private readonly NotificationOptions _options = new() { Subscription = Name };

    [Fact]
    public async Task Pull_gives_waiting_messages_with_all_their_parts()
    {
        var response = new PullResponse
        {
            ReceivedMessages =
            {
                new ReceivedMessage
                {
                    AckId = "ack",
                    Message = new PubsubMessage
                    {
                        Data = ByteString.CopyFromUtf8("projects/p/…"),
                        Attributes = { { "action", "StoreInstances" } },
                        MessageId = "1234",
                        PublishTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 22, 8, 16, 53, 120, TimeSpan.Zero)),
                    },
                },
                new ReceivedMessage { AckId = "bare", Message = new PubsubMessage() },
            },
        };
        SetupPull((_, _) => Task.FromResult(response));

        var received = await Open().PullAsync(100, None);

        Assert.Equal(["ack", "bare"], received.Select(message => message.AckId));
        Assert.Equal("projects/p/…", Encoding.UTF8.GetString(received[0].Data.Span));
        Assert.Equal("StoreInstances", received[0].Attributes["action"]);
        Assert.Equal("1234", received[0].MessageId);
        Assert.Equal("2026-11-22T08:16:53.12Z", received[0].PublishTime);
        Assert.Equal("", received[1].PublishTime);
        _client.Verify(client => client.PullAsync(
            It.Is<PullRequest>(request => request.MaxMessages == 100 && request.Subscription == Name), It.IsAny<CancellationToken>()));
    }

    [Fact]
    public async Task Pull_a_message_that_lacks_what_others_have_holds_up_none()
    {
        var response = new PullResponse
        {
            ReceivedMessages =
            {
                new ReceivedMessage { AckId = "none" },
                new ReceivedMessage
                {
                    AckId = "year 300,000",
                    Message = new PubsubMessage { PublishTime = new Timestamp { Seconds = long.MaxValue, Nanos = -1 } },
                },
                new ReceivedMessage
                {
                    AckId = "whole",
                    Message = new PubsubMessage { MessageId = "1", Data = ByteString.CopyFromUtf8("x") },
                },
            },
        };
        SetupPull((_, _) => Task.FromResult(response));

        var received = await Open().PullAsync(100, None);

        Assert.Equal([("none", ""), ("year 300,000", ""), ("whole", "1")], received.Select(message => (message.AckId, message.MessageId)));
        Assert.All(received, message => Assert.Equal("", message.PublishTime));
    }

    [Fact]
    public async Task Pull_is_empty_when_nothing_comes_in_time()
    {
        _options.PullTimeout = TimeSpan.FromMilliseconds(100);
        SetupPull(async (_, cancelled) =>
        {
            var ended = new TaskCompletionSource();
            await using var registration = cancelled.Register(ended.SetResult);
            await ended.Task;
            throw new RpcException(new Status(StatusCode.Cancelled, ""));
        });

        Assert.Empty(await Open().PullAsync(100, None));
    }

    [Fact]
    public async Task Pull_cancelled_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        SetupPull((_, _) =>
        {
            cancel.Cancel();
            throw new RpcException(new Status(StatusCode.Cancelled, ""));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Open().PullAsync(100, cancel.Token));
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "no such subscription")]
    [InlineData(StatusCode.PermissionDenied, "roles/pubsub.subscriber")]
    [InlineData(StatusCode.Unavailable, "unreachable or overloaded")]
    public async Task Calls_refused_tell_why(StatusCode status, string expected)
    {
        var refusal = new RpcException(new Status(status, "detail"));
        SetupPull((_, _) => throw refusal);
        _client.Setup(
            client => client.AcknowledgeAsync(It.IsAny<SubscriptionName>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(refusal);

        foreach (var call in (Func<Task>[])[() => Open().PullAsync(1, None), () => Open().AcknowledgeAsync(["a"], None)])
            Assert.Contains(expected, (await Assert.ThrowsAsync<NotificationException>(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acknowledge_more_than_a_request_holds_goes_in_several()
    {
        var sizes = new List<int>();
        _client.Setup(
            client => client.AcknowledgeAsync(SubscriptionName.Parse(Name), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Callback((SubscriptionName _, IEnumerable<string> ids, CancellationToken _) => sizes.Add(ids.Count()))
            .Returns(Task.CompletedTask);

        await Open().AcknowledgeAsync([.. Enumerable.Range(0, 2_500).Select(i => $"{i}")], None);

        Assert.Equal([1_000, 1_000, 500], sizes);
    }

    [Fact]
    public async Task Extend_is_in_whole_seconds()
    {
        await Open().ExtendAsync(["a", "b"], TimeSpan.FromSeconds(60.9), None);

        _client.Verify(client => client.ModifyAckDeadlineAsync(
            SubscriptionName.Parse(Name), It.Is<IEnumerable<string>>(ids => ids.SequenceEqual(new[] { "a", "b" })), 60,
            It.IsAny<CancellationToken>()));
    }

    [Fact]
    public async Task Pull_without_a_credential_says_so()
    {
        var subscription = new PubSubSubscription(
            _ => throw new InvalidOperationException("none"), Options.Create(_options), TimeProvider.System);

        await Assert.ThrowsAsync<NotificationException>(() => subscription.PullAsync(1, None));
    }

    [Fact]
    public async Task Pull_no_subscription_names_the_setting()
    {
        _options.Subscription = null;

        var exception = await Assert.ThrowsAsync<NotificationException>(() => Open().PullAsync(1, None));
        Assert.Contains("DicomFunctions:Notifications:Subscription", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Builder_detects_the_emulator_and_takes_the_credential()
    {
        var credential = GoogleCredential.FromAccessToken("token");

        var builder = PubSubServices.Builder(credential);

        Assert.Equal(EmulatorDetection.EmulatorOrProduction, builder.EmulatorDetection);
        Assert.Same(credential, builder.GoogleCredential);
    }

    private PubSubSubscription Open() => new(_ => Task.FromResult(_client.Object), Options.Create(_options), TimeProvider.System);

    private void SetupPull(Func<PullRequest, CancellationToken, Task<PullResponse>> answer)
        => _client.Setup(client => client.PullAsync(It.IsAny<PullRequest>(), It.IsAny<CancellationToken>())).Returns(answer);
}
