namespace DicomFunctions.App.Tests.Storage;

/// <summary>Does something just before the first request of a method.</summary>
internal sealed class BeforeHandler(HttpMethod method, Func<Task> action) : DelegatingHandler(new SocketsHttpHandler())
{
    private bool _isDone;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_isDone && request.Method == method)
        {
            _isDone = true;
            await action();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
