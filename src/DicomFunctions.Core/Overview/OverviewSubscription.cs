namespace DicomFunctions.Core.Overview;

/// <summary>Where messages come from.</summary>
/// <param name="Name">The subscription that is pulled; null if messages are pushed.</param>
/// <param name="LastPullAt">When this process last pulled it; null if it has not.</param>
/// <param name="LastJob">The newest job of messages; null if there is none among the jobs looked at.</param>
/// <param name="LastJobAt">When that was accepted.</param>
internal sealed record OverviewSubscription(string? Name, DateTimeOffset? LastPullAt, string? LastJob, DateTimeOffset? LastJobAt);
