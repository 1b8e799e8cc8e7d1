using System.Text.Json.Nodes;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>The sample files of <c>shared/dicom-samples</c>, in the nearest parent folder that has them.</summary>
internal static class Samples
{
    public static string? Directory { get; } = Find();

    public static IReadOnlyList<JsonNode> Index() =>
        [.. ((JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory!, "index.json")))!).Select(entry => entry!)];

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Directory!, file));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "dicom-samples");
            if (File.Exists(Path.Combine(candidate, "index.json")))
                return candidate;
        }

        return Environment.GetEnvironmentVariable("DICOM_SAMPLES") is { Length: > 0 } named
            && File.Exists(Path.Combine(named, "index.json"))
            ? named
            : null;
    }
}
