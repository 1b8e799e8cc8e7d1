using System.Text.Json;
using DicomFunctions.Integration.Peers;

namespace DicomFunctions.Integration.Network;

/// <summary>What is said of records here.</summary>
internal static class Records
{
    /// <summary>What is said of connections that broke: the one or the other, where that was as soon as they were made.</summary>
    public static readonly string[] BrokenConnection =
        ["The connection broke before the answer was complete.", "No connection to the server."];

    public static bool IsSuccess(this JsonElement record) => record.GetProperty("success").GetBoolean();

    public static bool IsPartial(this JsonElement record) => record.TryGetProperty("partial", out _);

    public static int Attempts(this JsonElement record) => record.GetProperty("attempts").GetInt32();

    /// <summary>The status, whatever kind it is of.</summary>
    public static string Status(this JsonElement record) => record.GetProperty("status").ToString();

    /// <summary>The rows found, each as it is written.</summary>
    public static List<string> Rows(this JsonElement record) =>
        [.. record.GetProperty("result").EnumerateArray().Select(row => row.GetRawText())];

    /// <summary>Uploads files and gives their records.</summary>
    public static Task<List<JsonElement>> UploadAsync(this PeerHost host, IEnumerable<ToxicFile> files) =>
        host.UploadAsync(files.Select(file => (file.Name, file.Content)));

    /// <summary>Checks that there is one record for each file, in order.</summary>
    public static void AssertAreOf(this IReadOnlyList<JsonElement> records, IEnumerable<ToxicFile> files) =>
        Assert.Equal(files.Select(file => $"drop/{file.Name}"), records.Select(record => record.GetProperty("source").GetString()!));

    /// <summary>Checks that every record is a success of 200.</summary>
    public static void AssertAllSucceeded(this IReadOnlyList<JsonElement> records) => Assert.All(records, record =>
    {
        Assert.True(record.IsSuccess(), record.GetRawText());
        Assert.Equal("200", record.Status());
    });
}
