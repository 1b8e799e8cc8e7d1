namespace DicomFunctions.Core.Net;

/// <summary>A request that can be sent again from its start, and the reading of its answer.</summary>
internal abstract class Exchange
{
    /// <summary>Makes the request anew: a content that was sent once is used up.</summary>
    public abstract HttpRequestMessage CreateRequest(IdleTimer idle);

    /// <summary>Whether <see cref="ReadAsync"/> wants answers of this status; the others are read as errors.</summary>
    public abstract bool Understands(int statusCode);

    /// <summary>
    /// Reads an answer. An <see cref="IOException"/> or <see cref="HttpRequestException"/> counts as a broken connection.
    /// </summary>
    public abstract ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken);

    /// <summary>A failure that sending again would not mend, noticed while the request was sent; null otherwise.</summary>
    public virtual RequestOutcome? Fatal(Exception exception) => null;

    /// <summary>A failure of this side's own, such as a full disk: to be thrown on, not taken for the server's.</summary>
    public Exception? OwnFailure { get; protected set; }

    /// <summary>Whether <see cref="ReadAsync"/> took over the response: it is then disposed by its new owner.</summary>
    public bool KeepsResponse { get; protected set; }

    /// <summary>Requests sent so far.</summary>
    public int Attempts { get; set; }
}
