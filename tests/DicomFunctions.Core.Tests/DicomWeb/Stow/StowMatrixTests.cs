using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Stow;

public sealed class StowMatrixTests
{
    /// <summary>
    /// Every product of status, stored, failed, reason, UID, form and count comes to what the rule says, and to nothing else.
    /// </summary>
    [Theory]
    [InlineData("200")]
    [InlineData("202")]
    [InlineData("400")]
    [InlineData("409")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData(StowMatrix.Broken)]
    public async Task StoreAsync_whatever_the_answer_is_a_success_only_if_the_rule_says_so(string status)
    {
        using var handler = new StoreHandler();
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(),
            services => services.AddSingleton(new HttpMessageInvoker(handler, disposeHandler: false)),
            ("DicomWeb:MaxAttempts", "2"));
        List<string> wrong = [];
        var count = 0;
        foreach (var product in StowMatrix.Of(status))
        {
            var instances = product.Instances();
            handler.Answer = (_, body) => product.Answer(
                body.AsSpan().IndexOf(instances[0].Bytes) >= 0,
                instances.Skip(1).Where(other => body.AsSpan().IndexOf(other.Bytes) >= 0).Select(other => other.Header.SopInstanceUid!));
            var outcomes = await host.Client.StoreAsync(CoreHost.Store, instances, CancellationToken.None);
            count++;
            var (subject, others) = (outcomes[0], outcomes.Skip(1));
            var code = subject.Error?.Code == FailureCode.Unconfirmed ? FailureCode.Unconfirmed : (object?)subject.Error?.FailureReason;
            if (subject.Success != product.IsStored || subject.AlreadyStored)
                wrong.Add($"{product}: success is {subject.Success}");
            else if (!Equals(code, product.Code))
                wrong.Add($"{product}: the code is {code} and not {product.Code}");
            if (others.Any(other => other.Success != product.AreOthersStored))
                wrong.Add($"{product}: the others' success is not {product.AreOthersStored}");
        }

        Assert.Equal(6912, count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}:\n{string.Join('\n', wrong.Take(10))}");
    }
}
