using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>Reads from the JSON API of Cloud Storage, and says in its own words why it could not.</summary>
internal sealed class GcsClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly RequestSender _sender;
    private readonly string _root;

    /// <param name="http">Owned.</param>
    /// <param name="tokens">Good for reading Cloud Storage.</param>
    /// <param name="options">Where it is, and for how long to try.</param>
    /// <param name="time">Waits and times out.</param>
    /// <param name="random">Spreads the retries of many.</param>
    public GcsClient(HttpMessageInvoker http, IAccessTokenSource tokens, IOptions<SourceOptions> options, TimeProvider time, Random random)
    {
        _http = http;
        _sender = new RequestSender(http, tokens, new GcsPolicy(options.Value, random), time);
        _root = options.Value.GcsBaseUrl.AbsoluteUri.TrimEnd('/') + "/storage/v1/b/";
    }

    /// <summary>Reads what an answer has. Unless it throws, the answer is its to dispose, now or with what it makes of it.</summary>
    public delegate Task<T> Reader<T>(HttpResponseMessage response, CancellationToken cancellationToken);

    /// <summary>Fetches <c>…/b/{path}</c>. Throws only when cancelled, or when this host is in trouble.</summary>
    public async Task<GcsResult<T>> GetAsync<T>(string path, Reader<T> read, CancellationToken cancellationToken)
        where T : class
    {
        var request = new GcsRequest<T>(new Uri(_root + path), read);
        var outcome = await _sender.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return outcome.Success ? new(request.Value, Problem: null) : new(Value: null, Problem(outcome));
    }

    public void Dispose() => _http.Dispose();

    private static SourceProblem Problem(in RequestOutcome outcome) => outcome switch
    {
        { Status.Code: 401 or 403 } => new(
            SourceProblemCode.Forbidden,
            $"Cloud Storage refuses this host's credential ({outcome.Status}): it needs storage.objects.get (and .list for patterns) on "
            + $"the bucket, and {AuthorizationOptions.CloudPlatformScope} in {AuthorizationOptions.SectionName}:Scopes, where "
            + "that is set."),
        { Status.Code: 404 } => new(SourceProblemCode.NotFound, "There is no such object, or no such bucket, in Cloud Storage."),
        { Status.Code: 412 } => new(SourceProblemCode.Changed, "The object is being replaced. Try again when it is complete."),
        { Status.Code: > 0, IsTransient: true } =>
            new(SourceProblemCode.Unavailable, $"Cloud Storage answered {outcome.Status}, again and again."),
        { Status.Code: > 0 } => new(SourceProblemCode.Unreadable, $"Cloud Storage answered {outcome.Status}."),
        { Failure: RequestFailure.TimedOut } => new(SourceProblemCode.Unavailable, "Cloud Storage did not answer in time."),
        { Failure: RequestFailure.Disconnected or RequestFailure.Untrusted } =>
            new(SourceProblemCode.Unavailable, "Cloud Storage can not be reached, or the connection broke."),
        { Failure: RequestFailure.NoToken } => new(SourceProblemCode.Forbidden, outcome.Status.ToString()),
        _ => new(SourceProblemCode.Unreadable, outcome.Status.ToString()),
    };
}
