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
        var answer = await SendAsync(InstanceAccept.Multipart(request.TransferSyntax), cancellationToken).ConfigureAwait(false);
        return request.SopInstanceUid is not null && InstanceAccept.MayBeSingle(answer)
            ? await SendAsync(InstanceAccept.Single(request.TransferSyntax), cancellationToken).ConfigureAwait(false)
            : answer;
    }

    private async ValueTask<RequestOutcome> SendAsync(string accept, CancellationToken cancellationToken)
    {
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
