using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>A file to upload.</summary>
internal sealed record ToxicFile(string Name, string Instance, byte[] Content)
{
    public const string Study = "2.25.9";
    public const string Series = "2.25.9.1";

    /// <summary>Files of one series.</summary>
    public static List<ToxicFile> Many(int count, int pixelBytes = 600) =>
    [
        .. Enumerable.Range(0, count).Select(i => new ToxicFile(
            $"{i:D5}.dcm", $"{Series}.{i}", Some.DicomFile(Study, Series, $"{Series}.{i}", pixelBytes: pixelBytes, pixel: (byte)i))),
    ];
}
