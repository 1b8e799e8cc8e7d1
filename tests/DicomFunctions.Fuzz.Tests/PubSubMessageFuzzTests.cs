using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Notifications;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>
/// Messages of a subscription, pulled, pushed or posted: <see cref="PubSubMessageReader"/> and <see cref="FormatRecord"/>.
/// </summary>
public sealed class PubSubMessageFuzzTests
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\\ud800", "\"data\":", "\"message\":", "\"attributes\":{", "\\u0000", "\n", "null",
        }.Select(
            Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Every_form_of_a_message_leads_to_its_instance() => Fuzzing.Check(Messages.OfAnInstance.ToArbitrary(), message =>
    {
        var read = PubSubMessageReader.Read(Encoding.UTF8.GetBytes(message.Json));
        Assert.True(FormatToQido.TryFormat(read, out var instance, out _));
        Assert.Equal(message.Path, instance.ToString());
    });

    [Fact]
    public void Any_JSON_has_a_record_that_repeats_it() => Fuzzing.Check(Input.Of(Messages.Any), HasRecords, runs: 3000);

    [Fact]
    public void Any_body_has_records_or_a_problem() =>
        Fuzzing.Check(Input.Of(Damage.Of(Messages.Any.Select(Encoding.UTF8.GetBytes), Tokens)), HasRecords, runs: 3000);

    [Theory]
    [Corpus("message")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("message", file)), input => Fuzzing.Replay(input, HasRecords));

    private static void HasRecords(Input input)
    {
        foreach (var message in Inputs(input))
        {
            var output = new ArrayBufferWriter<byte>();
            var isConverted = FormatRecord.Convert(output, message);
            using var record = JsonDocument.Parse(output.WrittenMemory);
            Assert.True(output.WrittenSpan["{\"input\":"u8.Length..].StartsWith(message));
            Assert.Equal(isConverted, record.RootElement.GetProperty("success").GetBoolean());
            Assert.Equal(isConverted, record.RootElement.GetProperty("result").TryGetProperty("params", out _));
            Assert.NotEqual(isConverted, record.RootElement.TryGetProperty("error", out _));
            IsTakenOrRefused(message);
        }
    }

    private static List<byte[]> Inputs(Input input)
    {
        try
        {
            return Memory.AtMost(100_000 + (400L * input.Bytes.Length), async () =>
            {
                var reader = new JsonInputReader(PipeReader.Create(input.Open()), "messages", 100_000);
                List<byte[]> inputs = [];
                while (await reader.ReadAsync(default) is { Count: > 0 } found)
                    inputs.AddRange(found.Select(message => message.ToArray()));
                return inputs;
            });
        }
        catch (InputFormatException)
        {
            return [];
        }
    }

    /// <summary>As a push delivery, too.</summary>
    private static void IsTakenOrRefused(byte[] message)
    {
        using var json = JsonDocument.Parse(message);
        try
        {
            PushApi.Checked(new ReadOnlySequence<byte>(message));
        }
        catch (BadRequestException)
        {
        }
    }
}
