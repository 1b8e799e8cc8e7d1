using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Json;
using Google.Apis.Auth;
using Google.Apis.Auth.OAuth2;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Core.Api;

/// <summary>Takes Pub/Sub push deliveries (https://cloud.google.com/pubsub/docs/push).</summary>
public sealed class PushApi
{
    /// <summary>A message has at most 10 MB, in base64.</summary>
    private const int MaxBodyBytes = 16 << 20;

    /// <summary>How far this host's clock may be off Google's: a token just made must not come back as one of the future.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly string[] Issuers = ["https://accounts.google.com", "accounts.google.com"];

    private readonly IJobService _jobs;
    private readonly PushOptions _options;

    public PushApi(IJobService jobs, IOptions<PushOptions> options)
    {
        _jobs = jobs;
        _options = options.Value;
    }

    /// <summary>
    /// <c>POST /pubsub/push</c>: a message becomes a notifications job; 2xx, which acknowledges it, only once the job is accepted.
    /// 401 without a valid token of the audience, 403 when it is not the service account's.
    /// </summary>
    public Task<IResult> PushAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        if (await RefusalAsync(request).ConfigureAwait(false) is { } refusal)
            return refusal;
        var cancellationToken = request.HttpContext.RequestAborted;
        var body = PipeReader.Create(LimitedStream.BodyOf(request, MaxBodyBytes));
        var reader = new JsonInputReader(body, "messages", MaxBodyBytes);
        var draft = _jobs.Draft(JobKind.Notifications);
        await using (draft.ConfigureAwait(false))
        {
            for (var found = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                found.Count > 0;
                found = await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (var envelope in found)
                    await draft.AddAsync(Checked(envelope), cancellationToken).ConfigureAwait(false);
            }

            if (draft.Count == 0)
                throw NoDelivery();
            await _jobs.SubmitAsync(draft, new JobSubmission { Kind = JobKind.Notifications }, cancellationToken).ConfigureAwait(false);
            return Results.NoContent();
        }
    });

    internal static ReadOnlySequence<byte> Checked(in ReadOnlySequence<byte> envelope)
    {
        var reader = new Utf8JsonReader(envelope);
        reader.Read();
        while (reader.TokenType == JsonTokenType.StartObject || reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.TextEquals("message"))
                return envelope;
            if (reader.TokenType == JsonTokenType.PropertyName)
                reader.Skip();
            reader.Read();
        }

        throw NoDelivery();
    }

    private static BadRequestException NoDelivery() => new("A push delivery is {\"message\":{…},\"subscription\":\"…\"}.", "message");

    private async Task<IResult?> RefusalAsync(HttpRequest request)
    {
        if (_options.Audience is null)
            return Results.Problem("This host takes no pushes: it has no audience configured.", statusCode: 403, title: "Forbidden");
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
            return Results.Problem("The signer's public keys can not be had now.", statusCode: 503, title: "Unavailable");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not only InvalidJwtException: a token that is no token fails in whatever way its parsing does.
            return InvalidToken();
        }

        // The verification refuses audiences that are not trusted, but not that there is none.
        if (!token.AudienceAsList.Contains(_options.Audience))
            return InvalidToken();
        return token.EmailVerified && token.Email == _options.ServiceAccount
            ? null
            : Results.Problem("The OIDC token is not the configured service account's.", statusCode: 403, title: "Forbidden");
    }

    private static IResult InvalidToken() => Unauthorized("The OIDC token is not valid: signature, issuer, audience or expiry.");

    private static IResult Unauthorized(string detail) => Results.Problem(detail, statusCode: 401, title: "Unauthorized");
}
