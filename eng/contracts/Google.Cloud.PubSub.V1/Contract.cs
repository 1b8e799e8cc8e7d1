using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.PubSub.V1
{
    public abstract class SubscriberServiceApiClient
    {
        public static SubscriberServiceApiClient Create() => throw new NotSupportedException("contract");

        public virtual Task<PullResponse> PullAsync(PullRequest request, CallSettings callSettings = null)
            => throw new NotSupportedException("contract");

        public virtual Task<PullResponse> PullAsync(PullRequest request, CancellationToken cancellationToken)
            => PullAsync(request, CallSettings.FromCancellationToken(cancellationToken));

        public virtual Task AcknowledgeAsync(SubscriptionName subscription, IEnumerable<string> ackIds, CallSettings callSettings = null)
            => throw new NotSupportedException("contract");

        public virtual Task AcknowledgeAsync(
            SubscriptionName subscription, IEnumerable<string> ackIds, CancellationToken cancellationToken)
            => AcknowledgeAsync(subscription, ackIds, CallSettings.FromCancellationToken(cancellationToken));

        public virtual Task ModifyAckDeadlineAsync(
            SubscriptionName subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CallSettings callSettings = null)
            => throw new NotSupportedException("contract");

        public virtual Task ModifyAckDeadlineAsync(
            SubscriptionName subscription, IEnumerable<string> ackIds, int ackDeadlineSeconds, CancellationToken cancellationToken)
            => ModifyAckDeadlineAsync(
                subscription, ackIds, ackDeadlineSeconds, CallSettings.FromCancellationToken(cancellationToken));
    }

    public sealed class SubscriberServiceApiClientBuilder : ClientBuilderBase<SubscriberServiceApiClient>
    {
        public EmulatorDetection EmulatorDetection { get; set; }

        public override SubscriberServiceApiClient Build() => throw new NotSupportedException("contract");

        public override Task<SubscriberServiceApiClient> BuildAsync(CancellationToken cancellationToken = default)
            => throw new NotSupportedException("contract");

        protected override ChannelPool GetChannelPool() => throw new NotSupportedException("contract");
    }

    public enum Encoding
    {
        Unspecified = 0,
        Json = 1,
        Binary = 2,
    }

    public sealed class SubscriptionName : IResourceName, IEquatable<SubscriptionName>
    {
        public SubscriptionName(string projectId, string subscriptionId)
        {
            ProjectId = projectId;
            SubscriptionId = subscriptionId;
        }

        public string ProjectId { get; }

        public string SubscriptionId { get; }

        public bool IsKnownPattern => true;

        public static SubscriptionName FromProjectSubscription(string projectId, string subscriptionId)
            => new(projectId, subscriptionId);

        public static SubscriptionName Parse(string subscriptionName)
            => TryParse(subscriptionName, out var result) ? result : throw new ArgumentException("Not the name of a subscription.");

        public static bool TryParse(string subscriptionName, out SubscriptionName result)
        {
            var parts = subscriptionName.Split('/');
            result = parts is ["projects", { Length: > 0 } project, "subscriptions", { Length: > 0 } subscription]
                ? new SubscriptionName(project, subscription)
                : null;
            return result is not null;
        }

        public bool Equals(SubscriptionName other) => other?.ToString() == ToString();

        public override bool Equals(object obj) => Equals(obj as SubscriptionName);

        public override int GetHashCode() => ToString().GetHashCode();

        public override string ToString() => $"projects/{ProjectId}/subscriptions/{SubscriptionId}";
    }

    public sealed class PullRequest
    {
        public string Subscription { get; set; } = "";

        public SubscriptionName SubscriptionAsSubscriptionName
        {
            get => Subscription.Length == 0 ? null : SubscriptionName.Parse(Subscription);
            set => Subscription = value?.ToString() ?? "";
        }

        public int MaxMessages { get; set; }
    }

    public sealed class PullResponse
    {
        public RepeatedField<ReceivedMessage> ReceivedMessages { get; } = [];
    }

    public sealed class ReceivedMessage
    {
        public string AckId { get; set; } = "";

        public PubsubMessage Message { get; set; }

        public int DeliveryAttempt { get; set; }
    }

    public sealed class PubsubMessage
    {
        public ByteString Data { get; set; } = ByteString.Empty;

        public MapField<string, string> Attributes { get; } = [];

        public string MessageId { get; set; } = "";

        public Timestamp PublishTime { get; set; }

        public string OrderingKey { get; set; } = "";
    }
}
