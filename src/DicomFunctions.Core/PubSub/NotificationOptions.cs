using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.PubSub;

/// <summary>The subscription, and how its messages are pulled.</summary>
internal sealed class NotificationOptions : IValidatableObject
{
    public const string SectionName = "DicomFunctions:Notifications";

    /// <summary>The subscription, <c>projects/P/subscriptions/S</c>. Null to pull none.</summary>
    public string? Subscription { get; set; }

    /// <summary>
    /// The address before <c>/v1/projects/…</c> of the REST API. The function app uses that API only if this is not Google's.
    /// </summary>
    [Required, HttpUrl]
    public Uri BaseUrl { get; set; } = new("https://pubsub.googleapis.com");

    /// <summary>The most messages in one pull, and so in one job.</summary>
    [Range(1, 1_000)]
    public int MaxMessages { get; set; } = 1_000;

    /// <summary>How long a pull waits for the first message.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:30")]
    public TimeSpan PullTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The acknowledgement deadline while a job is being accepted; renewed when half of it has passed.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan AckDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What a message leads to.</summary>
    [EnumDataType(typeof(FollowUp))]
    public FollowUp Then { get; set; }

    /// <summary>The most requests of one job of messages in flight; null for <see cref="JobOptions.MaxWorkers"/>.</summary>
    [Range(1, 1_000)]
    public int? MaxWorkers { get; set; }

    /// <summary>The most messages in a batch; null for <see cref="JobOptions.BufferSize"/>.</summary>
    [Range(1, 10_000)]
    public int? BufferSize { get; set; }

    /// <summary>
    /// Whether instances of one series or study share a search. Each message still gets its own record.
    /// </summary>
    [EnumDataType(typeof(Collapse))]
    public Collapse Collapse { get; set; }

    /// <summary>How long a round of pulls may take; the function app's timer starts the next.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan RoundTime { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>The settings of a job of messages.</summary>
    internal JobSubmission Submission => new()
    {
        Kind = JobKind.Notifications,
        BufferSize = BufferSize,
        MaxWorkers = MaxWorkers,
        Collapse = Collapse,
        Then = Then,
        SubmittedBy = Subscription,
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Subscription is { } path && SubscriptionPath.Problem(path) is { } problem
            ? [new($"{SectionName}:{nameof(Subscription)}: {problem}", [nameof(Subscription)])]
            : [];
}
