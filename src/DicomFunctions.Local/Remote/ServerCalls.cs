using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Remote;

/// <summary>
/// Requests to the HTTP API of a host. Answers that are worth another try get one, as long as the body can be sent again; any other
/// becomes a <see cref="CommandFailedException"/> that says what the server said.
/// </summary>
internal sealed class ServerCalls : IDisposable
{
    private const int MostAttempts = 6;
    private const int MostErrorBytes = 64 << 10;
    private const string KeyHeader = "x-functions-key";

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http;
    private readonly Uri _api;
    private readonly string? _key;
    private readonly TimeProvider _time;

    /// <param name="server">The server, with or without <c>/api</c>.</param>
    /// <param name="key">The API key; null for none.</param>
    /// <param name="notices">Is told when the server cannot be reached.</param>
    /// <param name="time">The clock.</param>
    public ServerCalls(Uri server, string? key, Notices notices, TimeProvider time)
    {
        var root = server.AbsoluteUri.TrimEnd('/');
        _api = new Uri(root.EndsWith("/api", StringComparison.Ordinal) ? root + "/" : root + "/api/");
        (_key, _time) = (key, time);
        var connections = new SocketsHttpHandler
        {
            // A redirect would carry the key to another server.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
        };
        _http = new HttpMessageInvoker(new UnreachableNotice(connections, notices, time));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request, and returns the answer once its head is there.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path below <c>/api/</c>, with its query.</param>
    /// <param name="createBody">Makes the body for each attempt; null for none.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Func<HttpContent?>? createBody, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = new HttpRequestMessage(method, new Uri(_api, path)) { Content = createBody?.Invoke() };
            if (_key is not null)
                request.Headers.Add(KeyHeader, _key);
            TimeSpan? pause = null;
            try
            {
                var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                    return response;
                using (response)
                {
                    if (attempt == MostAttempts || !IsTransient(response.StatusCode) || !MaySendAgain(request.Content))
                        return await RefusedAsync(response, cancellationToken).ConfigureAwait(false);
                    pause = response.Headers.RetryAfter?.Delta;
                }
            }
            catch (Exception exception) when (IsBroken(exception, cancellationToken))
            {
                if (attempt == MostAttempts || !MaySendAgain(request.Content))
                {
                    throw new CommandFailedException(
                        $"{Server}: {exception.Message.TrimEnd('.')}. Check --server, and by 'dicomfn jobs list' whether the job is there.",
                        exception);
                }
            }

            var wait = pause ?? FirstWait * Math.Pow(2, attempt - 1);
            await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a connection broke, or could not be made.</summary>
    public static bool IsBroken(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private string Server => _api.GetLeftPart(UriPartial.Authority);

    private static bool MaySendAgain(HttpContent? body) => body is not IOneTimeContent { HasBegun: true };

    private static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private async Task<HttpResponseMessage> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var detail = await DetailAsync(response, cancellationToken).ConfigureAwait(false);
        throw response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when _key is null =>
                new CommandFailedException($"{Server} needs an API key: give the file that holds it with --api-key-file."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new CommandFailedException($"{Server} refused the API key in the file of --api-key-file."),
            HttpStatusCode.NotFound when detail is null =>
                new CommandFailedException($"{Server} has no such endpoint: is it 'dicomfn serve' or the function app? Check --server."),
            _ => new CommandFailedException(
                detail ?? FormattableString.Invariant($"{Server} answered {(int)response.StatusCode} without a reason.")),
        };
    }

    /// <summary>What a problem (RFC 9457) says; null if the answer is none.</summary>
    private static async Task<string?> DetailAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType is not MediaTypeHeaderValue { MediaType: "application/problem+json" })
            return null;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostErrorBytes, cancellationToken).ConfigureAwait(false);
            using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException
            || IsBroken(exception, cancellationToken))
        {
            return null;
        }
    }
}
