using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.PubSub;
using Google.Apis.Auth;
using Google.Apis.Auth.OAuth2;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Api;

/// <summary>Receives Pub/Sub push deliveries (https://cloud.google.com/pubsub/docs/push).</summary>
internal sealed class PushApi
{
    /// <summary>A message is at most 10 MB, before base64.</summary>
    private const int MaxBodyBytes = 16 << 20;

    /// <summary>How far this host's clock may differ from Google's: a fresh token must not count as issued in the future.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly string[] Issuers = ["https://accounts.google.com", "accounts.google.com"];

    private readonly IJobService _jobs;
    private readonly PushOptions _options;
    private readonly NotificationOptions _notifications;

    public PushApi(IJobService jobs, IOptions<PushOptions> options, IOptions<NotificationOptions> notifications)
    {
        _jobs = jobs;
        _options = options.Value;
        _notifications = notifications.Value;
    }

    /// <summary>
    /// <c>POST /pubsub/push</c>: turns a message into a notifications job, and acknowledges it with 2xx only once the job is accepted.
    /// 401 without a valid token for the audience, 403 if the token is another service account's.
    /// </summary>
    public Task<IResult> PushAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        if (await RefusalAsync(request).ConfigureAwait(false) is { } refusal)
            return refusal;
        RequestQuery.Allow(request);
        var cancellationToken = request.HttpContext.RequestAborted;
        var body = PipeReader.Create(LimitedStream.BodyOf(request, MaxBodyBytes));
        var reader = new JsonInputReader(body, "messages", MaxBodyBytes);
        var draft = _jobs.Draft(JobKind.Notifications);
        await using (draft.ConfigureAwait(false))
        {
            await foreach (var delivery in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await draft.AddAsync(Checked(delivery), cancellationToken).ConfigureAwait(false);

            if (draft.Count == 0)
                throw NoDelivery();
            await _jobs.SubmitAsync(
                draft, _notifications.Submission with { SubmittedBy = _options.ServiceAccount }, cancellationToken).ConfigureAwait(false);
            return Results.NoContent();
        }
    });

    internal static ReadOnlySequence<byte> Checked(in ReadOnlySequence<byte> delivery)
    {
        var reader = new Utf8JsonReader(delivery);
        reader.Read();
        while (reader.TokenType == JsonTokenType.StartObject || reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.TextEquals("message"))
                return delivery;
            if (reader.TokenType == JsonTokenType.PropertyName)
                reader.Skip();
            reader.Read();
        }

        throw NoDelivery();
    }

    private static BadRequestException NoDelivery() => new("A push delivery must be {\"message\":{…},\"subscription\":\"…\"}.", "message");

    private async Task<IResult?> RefusalAsync(HttpRequest request)
    {
        if (_options.Audience is null)
            return Results.Problem("Push is disabled: DicomFunctions:Push:Audience is not set.", statusCode: 403, title: "Forbidden");
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return Unauthorized("A push must carry its subscription's OIDC token.");
        GoogleJsonWebSignature.Payload token;
        try
        {
            var verification = new SignedTokenVerificationOptions
            {
                IssuedAtClockTolerance = ClockTolerance,
                ExpiryClockTolerance = ClockTolerance,
                CertificatesUrl = _options.CertificatesUrl?.AbsoluteUri ?? GoogleAuthConsts.JsonWebKeySetUrl,
            };
            verification.TrustedAudiences.Add(_options.Audience);
            foreach (var issuer in Issuers)
                verification.TrustedIssuers.Add(issuer);
            token = await JsonWebSignature.VerifySignedTokenAsync<GoogleJsonWebSignature.Payload>(
                header["Bearer ".Length..], verification, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
            || (exception is OperationCanceledException && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            return Results.Problem("The signer's public keys are currently unavailable.", statusCode: 503, title: "Unavailable");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not only InvalidJwtException: a malformed token fails with whatever exception its parser throws.
            return InvalidToken();
        }

        // The verification refuses untrusted audiences, but accepts a token without one.
        if (!token.AudienceAsList.Contains(_options.Audience))
            return InvalidToken();
        return token.EmailVerified && token.Email == _options.ServiceAccount
            ? null
            : Results.Problem("The OIDC token is not the configured service account's.", statusCode: 403, title: "Forbidden");
    }

    private static IResult InvalidToken() => Unauthorized("The OIDC token is not valid: signature, issuer, audience or expiry.");

    private static IResult Unauthorized(string detail) => Results.Problem(detail, statusCode: 401, title: "Unauthorized");
}
