namespace DicomFunctions.Emulator.Statistics;

/// <summary>The values of an <see cref="EmulatorStatistics"/> at one moment, as returned by <c>GET /emulator/statistics</c>.</summary>
public sealed record StatisticsSnapshot
{
    /// <summary>DICOMweb requests of all kinds.</summary>
    public required RequestSnapshot DicomWeb { get; init; }

    /// <summary>Requests by kind.</summary>
    public required IReadOnlyDictionary<RequestKind, RequestSnapshot> Requests { get; init; }

    /// <summary>DICOMweb answers by status code; 0 counts the connections that faults broke.</summary>
    public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    public required long Stored { get; init; }

    public required long AlreadyStored { get; init; }

    public required long Refused { get; init; }

    public required long StoredBytes { get; init; }

    public required long Deleted { get; init; }

    public required long Notifications { get; init; }

    public required long NotificationsLost { get; init; }

    public required long Faults { get; init; }

    /// <summary>The values of each store, by resource name; null in those of a store.</summary>
    public IReadOnlyDictionary<string, StatisticsSnapshot>? Stores { get; init; }
}
