using DicomFunctions.Core.Events;
using Xunit;

namespace DicomFunctions.Core.Tests.Events;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The example that the libraries of Standard Webhooks are tested with.</summary>
    [Fact]
    public void Of_the_published_example_is_the_published_signature()
    {
        Assert.True(WebhookSecret.TryParse(Secret, out var keys));

        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}"u8));
    }

    [Fact]
    public void Of_two_secrets_is_two_signatures()
    {
        const string Other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        Assert.True(WebhookSecret.TryParse($"{Other} {Secret}\n", out var both));
        Assert.True(WebhookSecret.TryParse(Other, out var other));
        Assert.True(WebhookSecret.TryParse(Secret, out var one));

        Assert.Equal(
            $"{WebhookSignature.Of(other, "id", 1, "{}"u8)} {WebhookSignature.Of(one, "id", 1, "{}"u8)}",
            WebhookSignature.Of(both, "id", 1, "{}"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==")]
    [InlineData("whsec_!fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData(Secret + " hunter2")]
    public void TryParse_of_what_is_no_secret_fails(string text) => Assert.False(WebhookSecret.TryParse(text, out _));
}
