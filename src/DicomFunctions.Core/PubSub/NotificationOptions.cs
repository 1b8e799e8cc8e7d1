using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.PubSub;

/// <summary>Where notifications come from, and how they are taken.</summary>
public sealed class NotificationOptions : IValidatableObject
{
    public const string SectionName = "DicomFunctions:Notifications";

    /// <summary>The subscription, <c>projects/P/subscriptions/S</c>. Null: none is pulled.</summary>
    public string? Subscription { get; set; }

    /// <summary>
    /// What stands before <c>/v1/projects/…</c> of the REST API. The function app uses that API only where this is not Google's.
    /// </summary>
    [Required, HttpUrl]
    public Uri BaseUrl { get; set; } = new("https://pubsub.googleapis.com");

    /// <summary>The most messages of one pull, and so of one job.</summary>
    [Range(1, 1_000)]
    public int MaxMessages { get; set; } = 1_000;

    /// <summary>How long a pull waits for the first message.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:30")]
    public TimeSpan PullTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long messages are kept from being delivered again while their job is being accepted; renewed at half of it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan AckDeadline { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether the instances of one series, or study, are looked up by one search. Each message gets its record all the same.
    /// </summary>
    [EnumDataType(typeof(Collapse))]
    public Collapse Collapse { get; set; }

    /// <summary>How long a round of pulls may take: the function app's timer starts the next.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan RoundTime { get; set; } = TimeSpan.FromSeconds(50);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Subscription is { } path && SubscriptionPath.Problem(path) is { } problem
            ? [new($"{SectionName}:{nameof(Subscription)}: {problem}", [nameof(Subscription)])]
            : [];
}
