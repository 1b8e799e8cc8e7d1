using DicomFunctions.Core.Jobs;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Events;

/// <summary>Announces the ends of jobs as events in the outbox.</summary>
internal sealed class JobAnnouncer(Outbox outbox, EventDoorbell doorbell, IOptions<EventOptions> options, TimeProvider time) : IJobAnnouncer
{
    public bool IsEnabled => options.Value.IsEnabled;

    public Task WriteAsync(JobEnding ending, CancellationToken cancellationToken) =>
        outbox.WriteAsync(JobEvent.Of(ending, options.Value.HostUrl), cancellationToken);

    public Task RemoveAsync(JobEnding ending, CancellationToken cancellationToken) =>
        outbox.RemoveAsync(JobEvent.IdOf(ending), cancellationToken);

    public Task RingAsync(CancellationToken cancellationToken) => doorbell.RingAsync(cancellationToken);

    /// <summary>Twice as long as events are sent: the store's clock, which dates them, may not be this host's.</summary>
    public Task RemoveExpiredAsync(CancellationToken cancellationToken) =>
        outbox.RemoveAsync(time.GetUtcNow() - (2 * SendEvents.Lifetime), cancellationToken);
}
