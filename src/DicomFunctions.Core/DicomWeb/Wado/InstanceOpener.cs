using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Opens the instance of a request: asks for it as multipart and, if the server does not send that, as it is.</summary>
internal sealed class InstanceOpener(
    RequestSender sender, DicomWebUri uris, DicomWebOptions options, TimeProvider time, RetrieveRequest request)
{
    private int _attempts;

    public async ValueTask<InstanceOpening> RunAsync(CancellationToken cancellationToken)
    {
        if ((request.Problem() ?? (request.SopInstanceUid is null ? "The request must name an instance." : null)) is { } problem)
            return new(RetrieveOutcomes.Refused(problem));
        var (answer, instance) = await SendAsync(InstanceAccept.Multipart(request.TransferSyntax), cancellationToken)
            .ConfigureAwait(false);
        if (InstanceAccept.MayBeSingle(answer))
            (answer, instance) = await SendAsync(InstanceAccept.Single(request.TransferSyntax), cancellationToken).ConfigureAwait(false);
        var outcome = RetrieveOutcomes.Of(
            answer, hasAny: instance is not null, _attempts, "The server cannot give the instance as it is asked for.");
        if (outcome.Success || instance is null)
            return new(outcome, instance);
        // 206: it is not whole.
        await instance.DisposeAsync().ConfigureAwait(false);
        return new(outcome);
    }

    private async ValueTask<(RequestOutcome Answer, OpenedInstance? Instance)> SendAsync(
        string accept, CancellationToken cancellationToken)
    {
        var download = new InstanceDownload(uris.Instances(request), accept, request, options, time);
        var answer = await sender.SendAsync(download, cancellationToken).ConfigureAwait(false);
        _attempts += download.Attempts;
        return (answer, download.Instance);
    }
}
