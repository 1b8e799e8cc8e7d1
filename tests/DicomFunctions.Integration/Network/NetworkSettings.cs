namespace DicomFunctions.Integration.Network;

/// <summary>Settings of hosts on a bad network.</summary>
internal static class NetworkSettings
{
    /// <summary>What is said of a server that was waited for in vain.</summary>
    public const string TimedOut = "The server did not answer in time.";

    /// <summary>Attempts of <see cref="Patient"/> and <see cref="Impatient"/>.</summary>
    public const int MaxAttempts = 2;

    /// <summary>Few attempts, short waits between them, one worker, and the files of a test in one request.</summary>
    public static readonly (string, string)[] Patient =
    [
        ("DicomWeb:PageSizes:Instances", "10"), ("DicomWeb:MaxAttempts", "2"), ("DicomWeb:RetryDelay", "00:00:00.001"),
        ("DicomWeb:ConnectionIdleTimeout", "00:00:30"), ("Jobs:MaxWorkers", "1"), ("Jobs:BufferSize", "100"),
    ];

    /// <summary>The same, and a server is not waited for.</summary>
    public static readonly (string, string)[] Impatient = [.. Patient, ("DicomWeb:IdleTimeout", "00:00:00.400")];
}
