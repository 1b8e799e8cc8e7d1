using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Asks for instances as multipart, and for a single one once more as it is, if the server does not send it so.</summary>
/// <param name="sender">Sends the requests.</param>
/// <param name="target">The URL of a study, a series or an instance.</param>
/// <param name="transferSyntax">A UID, or <see cref="RetrieveRequest.AsStored"/>.</param>
/// <param name="isSingle">Whether the URL names an instance.</param>
/// <param name="give">Receives each instance; false to read no further, which is a failure.</param>
internal sealed class InstancesFetch(
    RequestSender sender, Uri target, string transferSyntax, bool isSingle, Func<Stream, CancellationToken, ValueTask<bool>> give)
{
    /// <summary>The number of instances in the last answer.</summary>
    public int Instances { get; private set; }

    /// <summary>The number of instances given, over all attempts.</summary>
    public long Given { get; private set; }

    /// <summary>The number of requests sent.</summary>
    public int Attempts { get; private set; }

    public async ValueTask<RequestOutcome> RunAsync(CancellationToken cancellationToken)
    {
        // Most servers send a single instance as it is; all are to support multipart.
        var answer = await SendAsync($"multipart/related; type=\"application/dicom\"; transfer-syntax={transferSyntax}", cancellationToken)
            .ConfigureAwait(false);
        return isSingle && answer.Status.Code is 400 or 406 or 415
            ? await SendAsync($"application/dicom; transfer-syntax={transferSyntax}", cancellationToken).ConfigureAwait(false)
            : answer;
    }

    private async ValueTask<RequestOutcome> SendAsync(string accept, CancellationToken cancellationToken)
    {
        var exchange = new InstancesExchange(target, accept, give);
        try
        {
            return await sender.SendAsync(exchange, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Instances = exchange.Instances;
            Given += exchange.Given;
            Attempts += exchange.Attempts;
        }
    }
}
