using System.Text.Json.Nodes;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>Reads DICOM JSON in tests.</summary>
internal static class JsonRows
{
    /// <summary>The first value of an attribute as text; null if it has none.</summary>
    public static string? First(this JsonNode? row, uint tag) => row?[Tags.Hex(tag)]?["Value"]?[0]?.ToString();

    public static string[] All(this JsonArray rows, uint tag) => [.. rows.Select(row => row.First(tag) ?? "")];

    /// <summary>The keys of a row, in their order.</summary>
    public static string[] Keys(this JsonNode? row) => [.. row!.AsObject().Select(member => member.Key)];

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>Asserts that the answer is a Google error with the status.</summary>
    public static async Task AssertErrorAsync(this HttpResponseMessage response, int status, string word)
    {
        Assert.Equal(status, (int)response.StatusCode);
        var error = (await response.JsonAsync())["error"]!;
        Assert.Equal(status, (int)error["code"]!);
        Assert.Equal(word, (string?)error["status"]);
        Assert.NotEqual("", (string?)error["message"]);
    }
}
