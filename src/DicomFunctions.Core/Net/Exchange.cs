namespace DicomFunctions.Core.Net;

/// <summary>A request that can be sent again from its start, and the reading of its answer.</summary>
internal abstract class Exchange
{
    /// <summary>What the request is for, in traces and metrics: one of a few words.</summary>
    public abstract string Operation { get; }

    /// <summary>Creates the request for an attempt: content can be sent only once.</summary>
    public abstract HttpRequestMessage CreateRequest(IdleTimer idle);

    /// <summary>Whether <see cref="ReadAsync"/> reads answers with this status. All others are read as errors.</summary>
    public abstract bool Understands(int statusCode);

    /// <summary>
    /// Reads an answer. An <see cref="IOException"/> or <see cref="HttpRequestException"/> counts as a broken connection.
    /// </summary>
    public abstract ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken);

    /// <summary>A failure noticed while the request was sent that another attempt would not fix; null if there is none.</summary>
    public virtual RequestOutcome? Fatal(Exception exception) => null;

    /// <summary>Whether another attempt may be made after one that failed.</summary>
    public virtual bool MayRepeat => true;

    /// <summary>A failure on this side, such as a full disk, which is thrown rather than taken for the server's.</summary>
    public Exception? OwnFailure { get; protected set; }

    /// <summary>Whether <see cref="ReadAsync"/> took over the response, and with it the duty to dispose it.</summary>
    public bool KeepsResponse { get; protected set; }

    /// <summary>The number of requests sent so far.</summary>
    public int Attempts { get; set; }
}
