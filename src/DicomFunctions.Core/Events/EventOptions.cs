using System.ComponentModel.DataAnnotations;
using DicomFunctions.Core.Settings;

namespace DicomFunctions.Core.Events;

/// <summary>Who is told when a job ends: one endpoint, or nobody.</summary>
internal sealed class EventOptions
{
    public const string SectionName = "DicomFunctions:Events";

    /// <summary>The HTTPS address to which events are posted. Plain HTTP is allowed for this machine only.</summary>
    [HttpUrl]
    public Uri? Url { get; set; }

    /// <summary>The secret that signs what is posted, <c>whsec_…</c>; several, separated by spaces, while it is being replaced.</summary>
    public string? Secret { get; set; }

    /// <summary>A file with the secret, read again for each event.</summary>
    public string? SecretFile { get; set; }

    /// <summary>The endpoint of an Event Grid topic with the schema CloudEvents 1.0. Only for the function app.</summary>
    [HttpUrl]
    public Uri? Topic { get; set; }

    /// <summary>The address of this host as others see it: the events' source, and the beginning of their links.</summary>
    [HttpUrl]
    public Uri? HostUrl { get; set; }

    /// <summary>How long the endpoint may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether anyone is told.</summary>
    internal bool IsEnabled => Url is not null || Topic is not null;
}
