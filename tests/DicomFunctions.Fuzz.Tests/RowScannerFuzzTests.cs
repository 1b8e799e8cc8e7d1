using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>The rows of a server's answer, while it arrives: <see cref="DicomJsonRowScanner"/>, with System.Text.Json for an oracle.</summary>
public sealed class RowScannerFuzzTests
{
    [Fact]
    public void Rows_are_the_bytes_of_the_data_sets_and_have_their_UIDs() => Fuzzing.Check(Input.OfWhole(DicomJson.Array), runs: 300, property: input =>
    {
        var read = RowReading.Read(input);
        using var oracle = JsonDocument.Parse(input.Bytes);
        Assert.Equal(Rows(input.Bytes), read.Rows);
        Assert.Equal(oracle.RootElement.EnumerateArray().Select(UidOf), read.Uids);
        Assert.True(read.IsComplete);
    });

    [Fact]
    public void Damaged_answers_are_read_as_far_as_they_are_JSON_or_refused() =>
        Fuzzing.Check(Input.Of(Damage.Of(DicomJson.Array.Select(Encoding.UTF8.GetBytes), DicomJson.Tokens)), IsReadOrRefused, runs: 2000);

    [Fact]
    public void Noise_is_refused_or_never_complete() => Fuzzing.Check(Input.Of(Damage.Noise), IsReadOrRefused);

    [Theory]
    [Corpus("rows")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("rows", file)), input => Fuzzing.Replay(input, IsReadOrRefused));

    /// <summary>What System.Text.Json takes for an array of objects is read, row by row; what is not may be read or refused, at once.</summary>
    private static void IsReadOrRefused(Input input)
    {
        try
        {
            var read = Memory.AtMost(20_000 + (20L * input.Bytes.Length), () => RowReading.Read(input));
            if (Rows(input.Bytes) is not { } rows)
                return;
            Assert.Equal(rows, read.Rows);
            Assert.True(read.IsComplete);
        }
        catch (JsonException)
        {
            Assert.Null(Rows(input.Bytes));
        }
    }

    /// <summary>The rows' bytes; null when this is no array of objects.</summary>
    private static List<byte[]>? Rows(byte[] json)
    {
        try
        {
            List<byte[]> rows = [];
            var reader = new Utf8JsonReader(json);
            var isArray = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            while (isArray && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                rows.Add(json[start..(int)reader.BytesConsumed]);
            }

            return isArray && reader.TokenType == JsonTokenType.EndArray && !reader.Read() ? rows : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string UidOf(JsonElement row) =>
        row.TryGetProperty(DicomJson.IdentifyingTag, out var attribute) && attribute.TryGetProperty("Value", out var values)
        && values.GetArrayLength() > 0 && values[0].ValueKind == JsonValueKind.String
            ? values[0].GetString()!
            : "";
}
