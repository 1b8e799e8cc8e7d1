using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Retrieves the instances of a request.</summary>
internal sealed class InstancesRetrieval(RequestSender sender, DicomWebUri uris, RetrieveRequest request, IInstanceSink sink)
{
    public async ValueTask<RetrieveOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Problem() is { } problem)
            return RetrieveOutcomes.Refused(problem);
        var fetch = new InstancesFetch(sender, uris, request, GiveAsync);
        var answer = await fetch.RunAsync(cancellationToken).ConfigureAwait(false);
        var hasAny = answer.Success ? fetch.Instances > 0 : fetch.Given > 0;
        return RetrieveOutcomes.Of(answer, hasAny, fetch.Attempts, Unacceptable());
    }

    private string Unacceptable() => request.TransferSyntax == RetrieveRequest.AsStored
        ? "The server cannot give the instances as they are stored (transfer-syntax=*)."
        : $"The server cannot give the instances in the transfer syntax asked for ({request.TransferSyntax}).";

    private async ValueTask<bool> GiveAsync(Stream instance, CancellationToken cancellationToken)
    {
        await sink.WriteAsync(instance, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
