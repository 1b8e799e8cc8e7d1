using System.Text;
using DicomFunctions.Core.DicomWeb.Stow;
using DicomFunctions.Core.Net;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>What servers say: <see cref="StowResponse"/> and <see cref="ServerErrorReader"/>.</summary>
public sealed class ResponseFuzzTests
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\\ud800", "{", "}", "[", "]", ",", "null", "\"Value\":[", "\"00081199\":", "<", "<title>", "</title>",
        }.Select(
            Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Every_instance_of_a_response_is_found_whatever_is_said_beside_it() =>
        Fuzzing.Check(Responses.Stow.ToArbitrary(), response =>
        {
            var read = StowResponse.TryParse(Encoding.UTF8.GetBytes(response.Json));
            Assert.NotNull(read);
            Assert.Equal(response.Stored, read.Stored.Select(item => item.SopInstanceUid));
            Assert.Equal(response.Failed, read.Failed.Select(item => item.SopInstanceUid));
            Assert.All(read.Failed, item => Assert.Equal(272, item.FailureReason));
        });

    [Fact]
    public void Damaged_responses_are_read_or_not() =>
        Fuzzing.Check(
            Input.Of(Damage.Of(Responses.Stow.Select(response => Encoding.UTF8.GetBytes(response.Json)), Tokens)), IsReadOrNot, runs: 2000);

    [Fact]
    public void Any_error_gives_a_message_of_bounded_length() =>
        Fuzzing.Check(Input.Of(Damage.Of(Responses.Error.Select(Encoding.UTF8.GetBytes), Tokens)), IsReadOrNot, runs: 2000);

    [Theory]
    [Corpus("response")]
    public void What_was_found_stays_found(string file) =>
        Fuzzing.Replay(new Input(CorpusAttribute.Read("response", file), 1), IsReadOrNot);

    private static void IsReadOrNot(Input input)
    {
        var most = 50_000 + (50L * input.Bytes.Length);
        Memory.AtMost(most, () => StowResponse.TryParse(input.Bytes));
        var error = Memory.AtMost(most, () => ServerErrorReader.Parse(input.Bytes));
        var isBlank = input.Bytes.All(b => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
        Assert.Equal(isBlank, error is null);
        Assert.True(error is null or { Message.Length: <= 501 });
    }
}
