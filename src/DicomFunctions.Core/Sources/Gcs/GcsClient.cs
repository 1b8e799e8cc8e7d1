using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>Reads from the JSON API of Cloud Storage, and describes its failures as problems of a source.</summary>
internal sealed class GcsClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly RequestSender _sender;
    private readonly string _root;

    /// <param name="http">The connection pool. Disposed with the client.</param>
    /// <param name="tokens">Access tokens for Cloud Storage.</param>
    /// <param name="options">The address, and how long to try.</param>
    /// <param name="time">The clock for waits and timeouts.</param>
    /// <param name="random">Varies the waits between attempts.</param>
    public GcsClient(HttpMessageInvoker http, IAccessTokenSource tokens, IOptions<SourceOptions> options, TimeProvider time, Random random)
    {
        _http = http;
        _sender = new RequestSender(http, tokens, new GcsPolicy(options.Value, random), time);
        _root = options.Value.GcsBaseUrl.AbsoluteUri.TrimEnd('/') + "/storage/v1/b/";
    }

    /// <summary>Reads an answer. Unless it throws, it disposes the answer, or what it returns does.</summary>
    public delegate Task<T> Reader<T>(HttpResponseMessage response, CancellationToken cancellationToken);

    /// <summary>Fetches <c>…/b/{path}</c>. Throws only if cancelled or if this host is in trouble.</summary>
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
            FailureCode.Forbidden,
            $"Cloud Storage refuses this host's credential ({outcome.Status}): it needs storage.objects.get (and .list for patterns) on "
            + $"the bucket, and {AuthorizationOptions.CloudPlatformScope} in {AuthorizationOptions.SectionName}:Scopes, where "
            + "that is set."),
        { Status.Code: 404 } => new(FailureCode.NotFound, "There is no such object, or no such bucket, in Cloud Storage."),
        { Status.Code: 412 } => new(FailureCode.Changed, "The object is being replaced. Try again when it is complete."),
        { Status.Code: > 0, IsTransient: true } =>
            new(FailureCode.Unavailable, $"Cloud Storage answered {outcome.Status}, again and again."),
        { Status.Code: > 0 } => new(FailureCode.Unreadable, $"Cloud Storage answered {outcome.Status}."),
        { Failure: RequestFailure.TimedOut } => new(FailureCode.Unavailable, "Cloud Storage did not answer in time."),
        { Failure: not (RequestFailure.None or RequestFailure.NoToken) } =>
            new(FailureCode.Unavailable, "Cloud Storage cannot be reached, or the connection broke."),
        { Failure: RequestFailure.NoToken } => new(FailureCode.Forbidden, outcome.Status.ToString()),
        _ => new(FailureCode.Unreadable, outcome.Status.ToString()),
    };
}
