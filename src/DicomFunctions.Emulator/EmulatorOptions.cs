using DicomFunctions.Emulator.Faults;

namespace DicomFunctions.Emulator;

/// <summary>How an emulator is set up. The defaults give one in memory on a free loopback port, open to every store name.</summary>
public sealed record EmulatorOptions
{
    /// <summary>
    /// Where to listen. Port 0 takes a free one. An address that is not loopback needs a <see cref="BearerToken"/>.
    /// Default <c>http://127.0.0.1:0</c>.
    /// </summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Directory that keeps instances and undelivered notifications across restarts; null keeps everything for the process only.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether what is confirmed has been flushed to the disk (survives a power cut, not only a killed process). Default true.</summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>
    /// When set, every DICOMweb request needs <c>Authorization: Bearer</c> with this token, and from other machines every request does;
    /// others are answered 401.
    /// </summary>
    public string? BearerToken { get; init; }

    /// <summary>Resource names (<c>projects/P/locations/L/datasets/D/dicomStores/S</c>) of stores to make at the start, topics included.</summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    /// <summary>Whether only <see cref="Stores"/> exist. By default a store is made when it is first used.</summary>
    public bool OnlyListedStores { get; init; }

    /// <summary>What an unknown store is answered with: 404, or 403, which Google may say as well. Default 404.</summary>
    public int UnknownStoreStatus { get; init; } = 404;

    /// <summary>Whether a <c>limit</c> above the maximum is lowered to it instead of being answered 400. Default false.</summary>
    public bool ClampLimits { get; init; }

    /// <summary>Whether stores publish notifications. Default true.</summary>
    public bool Notifications { get; init; } = true;

    /// <summary>
    /// Topic of a store's notifications; <c>{project}</c>, <c>{dataset}</c> and <c>{store}</c> are filled in, percent-encoded where they have
    /// characters that no topic can have.
    /// </summary>
    public string Topic { get; init; } = "projects/{project}/topics/{store}";

    /// <summary>Subscription that is made for each store's topic, filled in likewise; null makes none.</summary>
    public string? Subscription { get; init; } = "projects/{project}/subscriptions/{store}";

    /// <summary>
    /// <c>HOST:PORT</c> of a real Pub/Sub emulator to publish to instead of the Pub/Sub subset of this process.
    /// Default: environment variable <c>PUBSUB_EMULATOR_HOST</c>; empty turns that off.
    /// </summary>
    public string? PubSubEmulatorHost { get; init; } = Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST");

    /// <summary>How long a pull waits for a first message unless it asks for an immediate answer. Default 10 s.</summary>
    public TimeSpan PullWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Faults of all stores from the start on.</summary>
    public FaultOptions Faults { get; init; } = new();

    /// <summary>The clock of notifications, acknowledgement deadlines and injected latency. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
