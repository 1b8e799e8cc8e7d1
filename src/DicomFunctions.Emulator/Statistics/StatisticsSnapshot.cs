namespace DicomFunctions.Emulator.Statistics;

/// <summary>An <see cref="EmulatorStatistics"/> at one moment, as <c>GET /emulator/statistics</c> answers it.</summary>
public sealed record StatisticsSnapshot
{
    /// <summary>DICOMweb requests of all kinds together.</summary>
    public required RequestSnapshot DicomWeb { get; init; }

    /// <summary>Requests by kind.</summary>
    public required IReadOnlyDictionary<RequestKind, RequestSnapshot> Requests { get; init; }

    /// <summary>DICOMweb answers by status code; 0 stands for connections broken on purpose.</summary>
    public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    public required long Stored { get; init; }

    public required long AlreadyStored { get; init; }

    public required long Refused { get; init; }

    public required long StoredBytes { get; init; }

    public required long Deleted { get; init; }

    public required long Notifications { get; init; }

    public required long NotificationsLost { get; init; }

    public required long Faults { get; init; }

    /// <summary>The same for each store by its resource name; null inside of a store's own.</summary>
    public IReadOnlyDictionary<string, StatisticsSnapshot>? Stores { get; init; }
}
