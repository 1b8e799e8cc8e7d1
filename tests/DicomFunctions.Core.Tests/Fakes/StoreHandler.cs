namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Answers requests without a network: what it gives is the answer, and null a connection that breaks.</summary>
internal sealed class StoreHandler : HttpMessageHandler
{
    /// <summary>Given the request and its whole body.</summary>
    public Func<HttpRequestMessage, byte[], HttpResponseMessage?> Answer { get; set; } = static (_, _) => null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        return Answer(request, body) ?? throw new HttpRequestException("The connection broke.");
    }
}
