using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Net;

/// <summary>
/// Sends requests to one service until they succeed, fail for good, or the attempts are used up: authorized, at the service's pace, and
/// never waiting longer than the idle timeout on a silent server.
/// </summary>
/// <param name="http">The connection pool. Not disposed.</param>
/// <param name="tokens">Access tokens for the service.</param>
/// <param name="policy">How often and how long to try, and which failures to retry.</param>
/// <param name="time">The clock for waits and timeouts.</param>
/// <param name="throttle">Keeps the pace of the service; null for none. Not disposed.</param>
internal sealed class RequestSender(
    HttpMessageInvoker http, IAccessTokenSource tokens, SendPolicy policy, TimeProvider time, RequestThrottle? throttle = null)
{
    private AuthenticationHeaderValue? _authorization;

    /// <summary>
    /// Throws only if <paramref name="cancellationToken"/> is cancelled, if what the exchange does with the answer fails, or if this host
    /// stays in trouble (<see cref="HostTrouble"/>) over all attempts.
    /// </summary>
    public async ValueTask<RequestOutcome> SendAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (throttle is not null)
            await throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
        for (var sent = 1; ; sent++)
        {
            var sentAt = time.GetTimestamp();
            var outcome = await SendOnceAsync(exchange, mayRefresh: true, cancellationToken).ConfigureAwait(false);
            RequestTelemetry.Record(exchange.Operation, sent - 1, outcome, time, sentAt);
            throttle?.Tell(outcome);
            if (outcome.IsTransient && exchange.MayRepeat
                && sent < policy.MaxAttempts && time.GetElapsedTime(started) < policy.MaxDuration
                && await WaitAsync(policy.DelayAfter(sent, outcome, throttle is { IsWell: true }), cancellationToken).ConfigureAwait(false))
            {
                RequestTelemetry.Retry(exchange.Operation, outcome);
                continue;
            }

            if (outcome.Failure == RequestFailure.Host)
                ExceptionDispatchInfo.Throw(outcome.Cause!);
            return outcome;
        }
    }

    /// <summary>Waits for the next attempt. False if there will be none.</summary>
    private async ValueTask<bool> WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var worker = RequestWaits.Current;
        try
        {
            var wait = Task.Delay(delay, time, cancellationToken);
            await (worker is null ? wait : worker.AsideAsync(wait)).ConfigureAwait(false);
            if (throttle is not null)
                await throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (worker is { TakesLastAnswers: true })
        {
            return false;
        }
    }

    private async ValueTask<RequestOutcome> SendOnceAsync(Exchange exchange, bool mayRefresh, CancellationToken cancellationToken)
    {
        string? token;
        try
        {
            token = await tokens.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !HostTrouble.Is(exception))
        {
            return NoToken(exception);
        }

        exchange.Attempts++;
        using var idle = new IdleTimer(policy.IdleTimeout, time, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            using var request = exchange.CreateRequest(idle);
            request.Headers.Authorization = Authorization(token);
            response = await http.SendAsync(request, idle.Token).ConfigureAwait(false);
            idle.Touch();
            if (response.StatusCode == HttpStatusCode.Unauthorized && mayRefresh && token is not null)
                tokens.Invalidate(token);
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
            return fatal ?? (HostTrouble.Is(exception) ? RequestOutcome.OfHost(exception) : Unanswered(exception));
        }
        finally
        {
            if (!exchange.KeepsResponse)
                response?.Dispose();
        }

        return await SendOnceAsync(exchange, mayRefresh: false, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<RequestOutcome> ReadAsync(Exchange exchange, HttpResponseMessage response, IdleTimer idle) =>
        exchange.Understands((int)response.StatusCode)
            ? exchange.ReadAsync(response, idle, idle.Token)
            : ReadErrorAsync(response, idle.Token);

    private async ValueTask<RequestOutcome> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        return new RequestOutcome
        {
            Status = OutcomeStatus.Of(code),
            IsTransient = policy.IsTransient(code),
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
            Error = await ServerErrorReader.ReadAsync(response, cancellationToken).ConfigureAwait(false),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > policy.MaxRetryAfter ? policy.MaxRetryAfter : asked;
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

    private static RequestOutcome NoToken(Exception exception) => RequestOutcome.Unanswered(
        RequestFailure.NoToken,
        exception is ISafeMessage
            ? exception.Message
            : $"Could not obtain an access token: {exception.GetType().Name}. Check the credentials of this host.",
        exception);

    private RequestOutcome Unanswered(Exception exception)
    {
        var (failure, what) = Describe(exception);
        return RequestOutcome.Unanswered(failure, what, exception) with { IsTransient = policy.IsTransient(failure) };
    }

    private static (RequestFailure Failure, string What) Describe(Exception exception) => exception switch
    {
        OperationCanceledException => (RequestFailure.TimedOut, "The server did not answer in time."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } =>
            (RequestFailure.Disconnected, "The server's name is not known."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            (RequestFailure.Disconnected, "The server refused the connection."),
        HttpRequestException { InnerException: AuthenticationException } =>
            (RequestFailure.Untrusted, "The server's TLS certificate is not trusted."),
        // A bare SocketException comes from a connection that was reset as soon as it was opened.
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException =>
            (RequestFailure.Disconnected, "No connection to the server."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            (RequestFailure.Unreadable, "The server's answer is not HTTP."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            (RequestFailure.Unreadable, "The server's answer is longer than allowed."),
        _ => (RequestFailure.BrokenOff, "The connection broke before the answer was complete."),
    };
}
