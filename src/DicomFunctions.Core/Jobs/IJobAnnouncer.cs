namespace DicomFunctions.Core.Jobs;

/// <summary>Tells others that jobs have ended, if the host is set up to do so.</summary>
internal interface IJobAnnouncer
{
    /// <summary>Whether anyone is to be told. If not, there is nothing to write.</summary>
    bool IsEnabled { get; }

    /// <summary>
    /// Makes durable what is to be told. From then on it is told at least once; repeating it for the same end of a job tells it again, as
    /// the same event.
    /// </summary>
    Task WriteAsync(JobEnding ending, CancellationToken cancellationToken);

    /// <summary>Takes back what was written for an end that did not come about, unless it was told already.</summary>
    Task RemoveAsync(JobEnding ending, CancellationToken cancellationToken);

    /// <summary>Has what is written told soon. Fails only if cancelled: what cannot be told now is told later.</summary>
    Task RingAsync(CancellationToken cancellationToken);

    /// <summary>Removes what nobody is told any more.</summary>
    Task RemoveExpiredAsync(CancellationToken cancellationToken);
}
