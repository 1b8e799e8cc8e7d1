namespace DicomFunctions.Process.Tests.Support;

/// <summary>A server on a bad day, and a client that does not wait long.</summary>
internal static class Faulty
{
    /// <summary>
    /// Every fault there is, at about one request in twelve. The store is seldom said to be overloaded, because the client then rightly
    /// slows down for seconds.
    /// </summary>
    public static readonly object Server = new
    {
        seed = 20,
        tooManyRequestsRate = 0.0005,
        unavailableRate = 0.0005,
        internalErrorRate = 0.02,
        dropBeforeRate = 0.02,
        dropAfterRate = 0.02,
        truncateRate = 0.02,
        latency = "00:00:00.001",
        latencyJitter = "00:00:00.004",
    };

    /// <summary>Settings with which no request fails for good, and none waits for seconds.</summary>
    public static readonly IReadOnlyDictionary<string, string> Client = new Dictionary<string, string>
    {
        ["DicomFunctions__DicomWeb__MaxAttempts"] = "20",
        ["DicomFunctions__DicomWeb__RetryDelay"] = "00:00:00.010",
        ["DicomFunctions__DicomWeb__MaxRetryDelay"] = "00:00:00.050",
        ["DicomFunctions__Drop__SettleTime"] = "00:00:00",
        ["DicomFunctions__Local__DropPollInterval"] = "00:00:00.100",
        ["DicomFunctions__Sources__AllowedRoots__0"] = Path.GetTempPath(),
    };
}
