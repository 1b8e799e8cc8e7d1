using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Retrieves the metadata of a request.</summary>
internal sealed class MetadataRetrieval(
    RequestSender sender, DicomWebUri uris, DicomWebOptions options, RetrieveRequest request, IDicomJsonSink sink)
{
    public async ValueTask<RetrieveOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (request.Problem() is { } problem)
            return RetrieveOutcomes.Refused(problem);
        var exchange = new MetadataExchange(uris.Metadata(request), request, options, sink);
        var answer = await sender.SendAsync(exchange, cancellationToken).ConfigureAwait(false);
        if (answer.Success && exchange.LeftOut is { } leftOut)
            answer = RequestOutcome.Refused(exchange.HasForeign ? FailureCode.BadAnswer : FailureCode.OverLimit, leftOut);
        return RetrieveOutcomes.Of(
            answer, exchange.HasAny, exchange.Attempts, "The server cannot give metadata as DICOM JSON (application/dicom+json).");
    }
}
