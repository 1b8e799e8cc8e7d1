using DicomFunctions.Core.Events;
using Xunit;

namespace DicomFunctions.Core.Tests.Events;

public sealed class EventOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("https://example.org/hook", null, Secret, null, null)]
    [InlineData("http://127.0.0.1:5000/", null, null, "/run/secret", null)]
    [InlineData("http://localhost/", null, Secret, null, null)]
    [InlineData(null, "https://t.westeurope-1.eventgrid.azure.net/api/events", null, null, null)]
    [InlineData("http://example.org/", null, Secret, null, "must be an https URL")]
    [InlineData("https://user:hunter2@example.org/", null, Secret, null, "user name or password")]
    [InlineData("https://example.org/", null, null, null, "set either Secret or SecretFile")]
    [InlineData("https://example.org/", null, Secret, "/run/secret", "set either Secret or SecretFile")]
    [InlineData("https://example.org/", null, "hunter2", null, "must be whsec_")]
    [InlineData("https://example.org/", "https://example.org/", Secret, null, "not both")]
    [InlineData(null, "http://127.0.0.1/", null, null, "must be an https URL")]
    [InlineData(null, null, Secret, null, "only for Url")]
    [InlineData(null, "https://example.org/", null, "/run/secret", "only for Url")]
    public void Validate_refuses_what_cannot_be_sent_or_signed(
        string? url, string? topic, string? secret, string? secretFile, string? problem)
    {
        var result = new EventOptionsValidator().Validate(null, new EventOptions
        {
            Url = url is null ? null : new Uri(url),
            Topic = topic is null ? null : new Uri(topic),
            Secret = secret,
            SecretFile = secretFile,
        });

        Assert.Equal(problem is null, result.Succeeded);
        if (problem is null)
            return;
        Assert.Contains(problem, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.FailureMessage, StringComparison.Ordinal);
    }
}
