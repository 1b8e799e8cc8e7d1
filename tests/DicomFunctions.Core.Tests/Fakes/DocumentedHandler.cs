using System.Collections.Concurrent;
using DicomFunctions.Testing.OpenApi;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Lets no answer through that is not as the API's document says.</summary>
internal sealed class DocumentedHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private static readonly ApiDocument Document = ApiDocument.Load();

    /// <summary>The answers there were, as operation and status.</summary>
    public ConcurrentDictionary<(string OperationId, int Status), int> Seen { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        // What can not be in a path is the server's own to refuse, before there is an operation.
        if (path.Contains("%00", StringComparison.Ordinal))
            return answer;
        var operation = Document.Find(request.Method.Method, path)
            ?? throw new InvalidOperationException($"{request.Method} {path} is not told of.");
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        if (await Document.ProblemsAsync(operation, answer) is { Count: > 0 } problems)
            throw new InvalidOperationException(string.Join('\n', problems));
        Seen.AddOrUpdate((operation.Id, (int)answer.StatusCode), 1, static (_, count) => count + 1);
        return answer;
    }
}
