using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Net;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>
/// Sends an exchange until it succeeds, fails for good, or the attempts are used up: authorized, at the store's pace, never silent
/// for longer than the idle timeout.
/// </summary>
internal sealed class DicomWebSender
{
    private readonly HttpMessageInvoker _http;
    private readonly IAccessTokenSource _tokens;
    private readonly StoreThrottles _throttles;
    private readonly DicomWebOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private AuthenticationHeaderValue? _authorization;

    public DicomWebSender(
        HttpMessageInvoker http,
        IAccessTokenSource tokens,
        StoreThrottles throttles,
        IOptions<DicomWebOptions> options,
        TimeProvider time,
        Random random)
    {
        _http = http;
        _tokens = tokens;
        _throttles = throttles;
        _options = options.Value;
        _time = time;
        _random = random;
    }

    /// <summary>
    /// Throws only when <paramref name="cancellationToken"/> is cancelled, what the exchange does with the answer fails, or this host stays
    /// in trouble (<see cref="HostTrouble"/>) over all attempts.
    /// </summary>
    public async ValueTask<Attempt> SendAsync(DicomStorePath store, Exchange exchange, CancellationToken cancellationToken)
    {
        var throttle = _throttles.For(store);
        var started = _time.GetTimestamp();
        await throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var sent = 1; ; sent++)
        {
            var attempt = await SendOnceAsync(exchange, mayRefresh: true, cancellationToken).ConfigureAwait(false);
            Tell(throttle, attempt);
            if (attempt.IsTransient && sent < _options.MaxAttempts && _time.GetElapsedTime(started) < _options.MaxRetryDuration
                && await WaitAsync(throttle, DelayAfter(sent, attempt, throttle), cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            if (attempt.HostFailure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            return attempt;
        }
    }

    private static void Tell(StoreThrottle throttle, in Attempt attempt)
    {
        if (attempt.Status.Code == (int)HttpStatusCode.TooManyRequests)
            throttle.OnOverQuota(attempt.RetryAfter);
        else if (attempt.Status.Code == (int)HttpStatusCode.ServiceUnavailable)
            throttle.OnUnavailable(attempt.RetryAfter);
        else if (attempt.IsTransient)
            throttle.OnFailure();
        else if (attempt.Status.Code != 0)
            throttle.OnAnswer();
    }

    /// <summary>Waits for the next attempt. False: there is to be none.</summary>
    private async ValueTask<bool> WaitAsync(StoreThrottle throttle, TimeSpan delay, CancellationToken cancellationToken)
    {
        var worker = RequestWaits.Current;
        try
        {
            var wait = Task.Delay(delay, _time, cancellationToken);
            await (worker is null ? wait : worker.AsideAsync(wait)).ConfigureAwait(false);
            await throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (worker is { TakesLastAnswers: true })
        {
            return false;
        }
    }

    /// <summary>
    /// <c>min(2^n + random(0..1] s, 32 s)</c>, or as long as the server asks:
    /// https://cloud.google.com/healthcare-api/docs/best-practices-request-latency. Where the store answers nearly all others, the failure
    /// was this one request's, and the first two waits are an eighth of that.
    /// </summary>
    private TimeSpan DelayAfter(int sent, in Attempt attempt, StoreThrottle throttle)
    {
        var delay = (_options.RetryDelay * Math.Pow(2, sent - 1))
            + (TimeSpan.FromSeconds(1 - _random.NextDouble()) * Math.Min(1, _options.RetryDelay.TotalSeconds));
        if (sent <= 2 && attempt.Status.Code != (int)HttpStatusCode.TooManyRequests && throttle.IsWell)
            delay /= 8;
        delay = delay < _options.MaxRetryDelay ? delay : _options.MaxRetryDelay;
        return attempt.RetryAfter > delay ? attempt.RetryAfter.Value : delay;
    }

    private async ValueTask<Attempt> SendOnceAsync(Exchange exchange, bool mayRefresh, CancellationToken cancellationToken)
    {
        string? token;
        try
        {
            token = await _tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException exception) when (!HostTrouble.Is(exception))
        {
            return Attempt.Refused(exception.Message);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !HostTrouble.Is(exception))
        {
            return Attempt.Refused($"No access token could be had: {exception.GetType().Name}. Check the credentials of this host.");
        }

        exchange.Attempts++;
        using var idle = new IdleTimer(_options.IdleTimeout, _time, cancellationToken);
        try
        {
            using var request = exchange.CreateRequest(idle);
            request.Headers.Authorization = Authorization(token);
            using var response = await _http.SendAsync(request, idle.Token).ConfigureAwait(false);
            idle.Touch();
            if (response.StatusCode == HttpStatusCode.Unauthorized && mayRefresh && token is not null)
                _tokens.Invalidate(token);
            else
                return await ReadAsync(exchange, response, idle).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fatal = exchange.Fatal(exception);
            if (exchange.OwnFailure is { } own)
                ExceptionDispatchInfo.Throw(own);
            return fatal ?? (HostTrouble.Is(exception) ? Attempt.OfHost(exception) : Describe(exception));
        }

        return await SendOnceAsync(exchange, mayRefresh: false, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Attempt> ReadAsync(Exchange exchange, HttpResponseMessage response, IdleTimer idle) =>
        exchange.Understands((int)response.StatusCode)
            ? exchange.ReadAsync(response, idle, idle.Token)
            : ReadErrorAsync(response, idle.Token);

    private async ValueTask<Attempt> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        return new Attempt
        {
            Status = OutcomeStatus.Of(code),
            IsTransient = code is 408 or 425 or 429 or 500 or 502 or 503 or 504,
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
            Error = await ServerErrorReader.ReadAsync(response, cancellationToken).ConfigureAwait(false),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > _options.MaxRetryDuration ? _options.MaxRetryDuration : asked;
    }

    private AuthenticationHeaderValue? Authorization(string? token)
    {
        if (token is null)
            return null;
        var header = _authorization;
        if (!ReferenceEquals(header?.Parameter, token))
            _authorization = header = new AuthenticationHeaderValue("Bearer", token);
        return header;
    }

    private static Attempt Describe(Exception exception) => exception switch
    {
        OperationCanceledException => Attempt.Broken("The server did not answer in time."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } =>
            Attempt.Broken("The server's name is not known."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            Attempt.Broken("The server refused the connection."),
        HttpRequestException { InnerException: AuthenticationException } =>
            Attempt.Refused("The server's TLS certificate is not trusted."),
        // A bare one: of a connection that was reset as soon as it was made, and can no longer be asked whose it is.
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException =>
            Attempt.Broken("No connection to the server."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => Attempt.Broken("The server's answer is not HTTP."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            Attempt.Broken("The server's answer is longer than allowed."),
        _ => Attempt.Broken("The connection broke before the answer was complete."),
    };
}
