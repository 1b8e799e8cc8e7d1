using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>
/// The rows of a server's answer, while it arrives: <see cref="DicomJsonRowScanner"/>, with System.Text.Json for an oracle.
/// </summary>
public sealed class RowScannerFuzzTests
{
    [Fact]
    public void Rows_are_the_bytes_of_the_data_sets_and_have_their_UIDs() =>
        Fuzzing.Check(Input.OfWhole(DicomJson.Array), runs: 300, property: input =>
        {
            var read = RowReading.Read(input);
            using var oracle = JsonDocument.Parse(input.Bytes);
            Assert.Equal(Rows(input.Bytes), read.Rows);
            Assert.Equal(oracle.RootElement.EnumerateArray().Select(UidOf), read.Uids);
            Assert.True(read.IsComplete);
        });

    [Fact]
    public void Damaged_answers_are_read_exactly_where_they_are_JSON() =>
        Fuzzing.Check(Input.Of(Damage.Of(DicomJson.Array.Select(Encoding.UTF8.GetBytes), DicomJson.Tokens)), IsReadOrRefused, runs: 4000);

    [Fact]
    public void Noise_is_refused_or_never_complete() =>
        Fuzzing.Check(Input.Of(Damage.Noise.Select(noise => (byte[])[(byte)'[', (byte)'{', .. noise])), IsReadOrRefused);

    [Theory]
    [Corpus("rows")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("rows", file)), input => Fuzzing.Replay(input, IsReadOrRefused));

    /// <summary>
    /// What System.Text.Json takes for an array of objects is read, row by row; of anything else no more than valid rows before it.
    /// </summary>
    private static void IsReadOrRefused(Input input)
    {
        var rows = Rows(input.Bytes);
        try
        {
            var read = Memory.AtMost(20_000 + (20L * input.Bytes.Length), () => RowReading.Read(input));
            Assert.Equal(rows is not null, read.IsComplete);
            Assert.Equal(rows ?? read.Rows, read.Rows);
            Assert.All(read.Rows, row => Assert.NotNull(Rows([(byte)'[', .. row, (byte)']'])));
        }
        catch (JsonException)
        {
            Assert.Null(rows);
        }
    }

    /// <summary>The rows' bytes; null when this is no array of objects, none of them over 512 levels deep, in UTF-8.</summary>
    private static List<byte[]>? Rows(byte[] json)
    {
        try
        {
            List<byte[]> rows = [];
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 513 });
            var isArray = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            while (isArray && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                rows.Add(json[start..(int)reader.BytesConsumed]);
            }

            return isArray && reader.TokenType == JsonTokenType.EndArray && !reader.Read() && Utf8.IsValid(json) ? rows : null;
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
