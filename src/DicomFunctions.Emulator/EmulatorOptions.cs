using DicomFunctions.Emulator.Faults;

namespace DicomFunctions.Emulator;

/// <summary>
/// Options of an emulator. By default it listens on a free loopback port, keeps everything in memory, and has every store.
/// </summary>
public sealed record EmulatorOptions
{
    /// <summary>
    /// The address to listen on. Port 0 takes a free port. An address that is not loopback requires a <see cref="BearerToken"/>.
    /// Default <c>http://127.0.0.1:0</c>.
    /// </summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>
    /// The directory that keeps instances and undelivered notifications across restarts; null keeps nothing. Default null.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// Whether to flush data to the disk before confirming it, so that it survives a power cut and not only a crash. Default true.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>
    /// The token required, as <c>Authorization: Bearer</c>, in every DICOMweb request and in every request from another machine. Requests
    /// without it are answered 401. Null requires none. Default null.
    /// </summary>
    public string? BearerToken { get; init; }

    /// <summary>
    /// Resource names (<c>projects/P/locations/L/datasets/D/dicomStores/S</c>) of stores to create at the start, with their topics and
    /// subscriptions.
    /// </summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    /// <summary>Whether only <see cref="Stores"/> exist. Otherwise a store is created when it is first used. Default false.</summary>
    public bool OnlyListedStores { get; init; }

    /// <summary>The status for an unknown store: 404, or 403, which Google also uses. Default 404.</summary>
    public int UnknownStoreStatus { get; init; } = 404;

    /// <summary>Whether to lower a <c>limit</c> above the maximum instead of answering 400. Default false.</summary>
    public bool ClampLimits { get; init; }

    /// <summary>Whether stores publish notifications. Default true.</summary>
    public bool Notifications { get; init; } = true;

    /// <summary>
    /// The topic of a store's notifications. <c>{project}</c>, <c>{dataset}</c> and <c>{store}</c> are replaced, with characters that a
    /// topic cannot have percent-encoded.
    /// </summary>
    public string Topic { get; init; } = "projects/{project}/topics/{store}";

    /// <summary>The subscription to each store's topic, with the same placeholders; null creates none.</summary>
    public string? Subscription { get; init; } = "projects/{project}/subscriptions/{store}";

    /// <summary>
    /// <c>HOST:PORT</c> of Google's Pub/Sub emulator, to publish to it instead of to this emulator's own Pub/Sub; empty or null for the
    /// latter. Default: the environment variable <c>PUBSUB_EMULATOR_HOST</c>.
    /// </summary>
    public string? PubSubEmulatorHost { get; init; } = Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST");

    /// <summary>How long a pull waits for a first message, unless it asks to return immediately. Default 10 s.</summary>
    public TimeSpan PullWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The faults of all stores from the start. Default none.</summary>
    public FaultOptions Faults { get; init; } = new();

    /// <summary>The clock for notifications, acknowledgement deadlines and injected latency. Default: the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
