using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Asks for instances as multipart, and for a single one once more as it is, if the server does not send it so.</summary>
/// <param name="sender">Sends the requests.</param>
/// <param name="uris">The server's URLs.</param>
/// <param name="request">What to ask for.</param>
/// <param name="give">Receives each instance; false to read no further, which is a failure.</param>
internal sealed class InstancesFetch(
    RequestSender sender, DicomWebUri uris, RetrieveRequest request, Func<Stream, CancellationToken, ValueTask<bool>> give)
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
        var answer = await SendAsync("multipart/related; type=\"application/dicom\"", cancellationToken).ConfigureAwait(false);
        return request.SopInstanceUid is not null && answer.Status.Code is 400 or 406 or 415
            ? await SendAsync("application/dicom", cancellationToken).ConfigureAwait(false)
            : answer;
    }

    private async ValueTask<RequestOutcome> SendAsync(string type, CancellationToken cancellationToken)
    {
        var accept = $"{type}; transfer-syntax={request.TransferSyntax}";
        var exchange = new InstancesExchange(uris.Instances(request), accept, request.StartsOver, give);
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
