namespace DicomFunctions.App.Tests.Storage;

/// <summary>Breaks the connection after the server has done what the first request of a kind asked, so that its answer is lost.</summary>
internal sealed class LostAnswerHandler(Func<HttpRequestMessage, bool> kind) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>How many answers were lost: none before, one after.</summary>
    public int Lost { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (Lost > 0 || !kind(request))
            return response;
        Lost++;
        response.Dispose();
        throw new HttpRequestException("The connection broke.");
    }
}
