using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DicomFunctions.Core.Tests.Tables;

/// <summary>Data sets of most value representations, whose columns keep a type or lose it to one value.</summary>
internal static class RandomDataSets
{
    private static readonly string[] Words = ["CT", "é", "山田", "🙂", "a,b", "a\"b", "line\nbreak", "=1+1", "-5", " x ", "back/slash", "'"];

    private static readonly (string Tag, string Vr, Func<Random, string> Value)[] Attributes =
    [
        ("0020000D", "UI", random => Quoted($"1.{random.Next(9)}")),
        ("00080018", "UI", random => Quoted($"1.2.{random.Next()}")),
        ("00080020", "DA", random => Quoted($"{random.Next(1900, 2100)}{random.Next(1, 13):00}{random.Next(1, 29):00}")),
        ("00080021", "DA", random => Quoted(random.Next(9) == 0 ? "2026" : "20261126")),
        (
            "00080030",
            "TM",
            random => Quoted($"{random.Next(24):00}{random.Next(60):00}{random.Next(60):00}.{random.Next(1_000_000):000000}")),
        ("0008002A", "DT", random => Quoted($"20261126{random.Next(24):00}{random.Next(60):00}{random.Next(60):00}.{random.Next(10)}")),
        ("00280010", "US", random => Number(random.Next(65536))),
        ("00200013", "IS", random => random.Next(2) == 0 ? Number(-random.Next()) : Quoted(Number(random.Next()))),
        ("00101030", "DS", random => Number(random.Next(-1000, 1000) / 8m)),
        ("00101020", "DS", random => random.Next(9) == 0 ? "1.5,2.5" : Number(random.Next(3) / 10m)),
        ("00189087", "FD", random => random.NextDouble().ToString("R", CultureInfo.InvariantCulture)),
        ("00100010", "PN", random => $$"""{"Alphabetic":{{Quoted(Word(random))}},"Ideographic":{{Quoted(Word(random))}} }"""),
        ("00081030", "LO", random => Quoted(Word(random))),
        ("00080008", "CS", random => $"{Quoted("ORIGINAL")},null,{Quoted(Word(random))}"),
        ("00081140", "SQ", random => RecordTable.DataSet("00081155", $$"""{"vr":"LO","Value":[{{Quoted(Word(random))}}]}""")),
        ("00091001", "UN", random => Quoted(Word(random))),
        ("60020010", "US", random => Number(random.Next(9))),
    ];

    public static IEnumerable<string> Some(Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return "{" + string.Join(',', Attributes.Where(_ => random.Next(5) > 0).Select(attribute => random.Next(8) == 0
                ? $$"""
                  "{{attribute.Tag}}":{"vr":"{{attribute.Vr}}"{{(random.Next(2) == 0 ? ",\"Value\":[null]" : "")}}}
                  """
                : $$"""
                  "{{attribute.Tag}}":{"vr":"{{attribute.Vr}}","Value":[{{attribute.Value(random)}}]}
                  """)) + "}";
        }
    }

    /// <summary>An attribute as text, in a second way, to compare with.</summary>
    public static string? Text(JsonNode? attribute)
    {
        if (attribute?["Value"] is not JsonArray values)
            return null;
        if ((string?)attribute["vr"] == "SQ" && values is [not null])
            return values.ToJsonString(Relaxed);
        var text = string.Join('\\', values.Select(value => value switch
        {
            null => "",
            JsonObject name => $"{name["Alphabetic"]}={name["Ideographic"]}",
            _ => value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString(),
        }));
        return text.Length == 0 ? null : text;
    }

    /// <summary>A value as text, in one form however it is written.</summary>
    public static string? Normal(string? text, string type) => text is null ? null : type switch
    {
        "DATE" => text.Replace("-", "", StringComparison.Ordinal),
        "TIME" or "TIMESTAMP" => Fraction(new string([.. text.Where(c => char.IsAsciiDigit(c) || c == '.')])),
        "BIGINT" => long.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        "DOUBLE" => double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => Decimal(decimal.Parse(text, CultureInfo.InvariantCulture)),
        _ => text,
    };

    /// <summary>A value of DuckDB as text, in the same form.</summary>
    public static string? Normal(object? value) => value switch
    {
        null => null,
        string text => text,
        bool yes => yes ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal number => Decimal(number),
        DateOnly date => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        TimeOnly time => Fraction(time.ToString("HHmmss.ffffff", CultureInfo.InvariantCulture)),
        DateTime time => Fraction(time.ToString("yyyyMMddHHmmss.ffffff", CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"{value.GetType()} is not of a table.", nameof(value)),
    };

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Fraction(string time) => time.Contains('.', StringComparison.Ordinal) ? time.TrimEnd('0').TrimEnd('.') : time;
}
