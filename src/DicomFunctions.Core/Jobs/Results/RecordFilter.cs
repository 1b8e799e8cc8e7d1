namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Which of a job's records are wanted.</summary>
internal sealed record RecordFilter
{
    /// <summary>All records.</summary>
    public static RecordFilter All { get; } = new();

    /// <summary>Only records with this outcome; null for all.</summary>
    public bool? Success { get; init; }

    /// <summary>How many of these to skip.</summary>
    public long From { get; init; }

    /// <summary>The most records after those; null for all.</summary>
    public long? Count { get; init; }

    /// <summary>Whether it wants everything, whatever the outcome.</summary>
    internal bool IsAll => this == All;

    /// <summary>Whether records of all outcomes are wanted, or this one.</summary>
    internal bool Wants(bool? success) => Success is null || success == Success;

    /// <summary>Whether a record is wanted, of which so many came before that have the outcome asked for.</summary>
    internal bool Takes(long before) => before >= From && !IsPast(before);

    /// <summary>Whether no further record is wanted once so many had the outcome asked for.</summary>
    internal bool IsPast(long before) => Count is { } count && before - From >= count;
}
