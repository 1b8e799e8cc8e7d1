using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>
/// Reads from the JSON API of Cloud Storage: authorized, never waiting for longer than the timeout on a silent server, again and
/// again as Google asks clients to (https://cloud.google.com/storage/docs/retry-strategy), within bounds.
/// </summary>
internal sealed class GcsClient : IDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(32);

    private readonly HttpMessageInvoker _http;
    private readonly IAccessTokenSource _tokens;
    private readonly SourceOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly string _root;

    /// <param name="http">Owned.</param>
    /// <param name="tokens">Good for reading Cloud Storage.</param>
    /// <param name="options">Where it is, and for how long to try.</param>
    /// <param name="time">Waits and times out.</param>
    /// <param name="random">Spreads the retries of many.</param>
    public GcsClient(HttpMessageInvoker http, IAccessTokenSource tokens, IOptions<SourceOptions> options, TimeProvider time, Random random)
    {
        _http = http;
        _tokens = tokens;
        _options = options.Value;
        _time = time;
        _random = random;
        _root = _options.GcsBaseUrl.AbsoluteUri.TrimEnd('/') + "/storage/v1/b/";
    }

    /// <summary>Reads what an answer has. Unless it throws, the answer is its to dispose, now or with what it makes of it.</summary>
    public delegate Task<T> Reader<T>(HttpResponseMessage response, CancellationToken cancellationToken);

    /// <summary>Fetches <c>…/b/{path}</c>. Throws only when cancelled.</summary>
    public async Task<GcsResult<T>> GetAsync<T>(string path, Reader<T> read, CancellationToken cancellationToken)
        where T : class =>
        await Retry<T>().ExecuteAsync(
            async token => await GetOnceAsync(path, read, mayRefresh: true, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    public void Dispose() => _http.Dispose();

    private ResiliencePipeline<GcsResult<T>> Retry<T>()
        where T : class
    {
        if (_options.GcsMaxAttempts == 1)
            return ResiliencePipeline<GcsResult<T>>.Empty;
        return new ResiliencePipelineBuilder<GcsResult<T>> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<GcsResult<T>>
            {
                MaxRetryAttempts = _options.GcsMaxAttempts - 1,
                ShouldHandle = static arguments => new(arguments.Outcome.Result.Problem?.Code == SourceProblemCode.Unavailable),
                DelayGenerator = arguments =>
                {
                    var delay = TimeSpan.FromSeconds(Math.Pow(2, arguments.AttemptNumber) * _random.NextDouble());
                    var asked = arguments.Outcome.Result.RetryAfter ?? TimeSpan.Zero;
                    delay = asked > delay ? asked : delay;
                    return new(delay < LongestDelay ? delay : LongestDelay);
                },
            })
            .Build();
    }

    private async Task<GcsResult<T>> GetOnceAsync<T>(string path, Reader<T> read, bool mayRefresh, CancellationToken cancellationToken)
        where T : class
    {
        string? token;
        try
        {
            token = await _tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException exception) when (!HostTrouble.Is(exception))
        {
            return Failed<T>(SourceProblemCode.Forbidden, exception.Message);
        }

        using var idle = new IdleTimer(_options.GcsTimeout, _time, cancellationToken);
        HttpResponseMessage? response = null;
        var isRead = false;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root + path));
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            response = await _http.SendAsync(request, idle.Token).ConfigureAwait(false);
            idle.Touch();
            if (response.IsSuccessStatusCode)
            {
                var value = await read(response, idle.Token).ConfigureAwait(false);
                isRead = true;
                return new() { Value = value };
            }

            if (response.StatusCode != HttpStatusCode.Unauthorized || token is null || !mayRefresh)
                return Refused<T>(response);
            _tokens.Invalidate(token);
        }
        catch (JsonException)
        {
            return Failed<T>(SourceProblemCode.Unreadable, "What answers is not Cloud Storage: it sends no such JSON.");
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or SocketException or OperationCanceledException
            && !HostTrouble.Is(exception))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failed<T>(SourceProblemCode.Unavailable, exception is OperationCanceledException
                ? "Cloud Storage did not answer in time."
                : "Cloud Storage can not be reached, or the connection broke.");
        }
        finally
        {
            if (!isRead)
                response?.Dispose();
        }

        return await GetOnceAsync(path, read, mayRefresh: false, cancellationToken).ConfigureAwait(false);
    }

    private GcsResult<T> Refused<T>(HttpResponseMessage response)
        where T : class
    {
        var status = (int)response.StatusCode;
        var (code, message) = status switch
        {
            401 or 403 => (SourceProblemCode.Forbidden,
                $"Cloud Storage refuses this host's credential ({status}): it needs storage.objects.get (and .list for patterns) on the bucket, "
                + $"and {AuthorizationOptions.CloudPlatformScope} in {AuthorizationOptions.SectionName}:Scopes, where that is set."),
            404 => (SourceProblemCode.NotFound, "There is no such object, or no such bucket, in Cloud Storage."),
            412 => (SourceProblemCode.Changed, "The object is being replaced. Try again when it is complete."),
            408 or 429 or >= 500 => (SourceProblemCode.Unavailable, $"Cloud Storage answered {status}, again and again."),
            _ => (SourceProblemCode.Unreadable, $"Cloud Storage answered {status}."),
        };
        var retryAfter = response.Headers.RetryAfter;
        return new()
        {
            Problem = new(code, message),
            RetryAfter = retryAfter?.Delta ?? (retryAfter?.Date is { } date ? date - _time.GetUtcNow() : null),
        };
    }

    private static GcsResult<T> Failed<T>(string code, string message)
        where T : class => new() { Problem = new(code, message) };
}
