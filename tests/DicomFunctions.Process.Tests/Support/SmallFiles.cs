using System.Globalization;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>Small DICOM files, each of an instance of its own.</summary>
internal static class SmallFiles
{
    public const int PerSeries = 50;

    /// <summary>The SOP instance UID of a file.</summary>
    public static string Uid(int number) => $"{Series(number)}.{Text(number)}";

    public static byte[] Bytes(int number) =>
        Some.DicomFile(Study(number), Series(number), Uid(number), pixelBytes: 600, pixel: (byte)number);

    /// <summary>Writes files and gives their paths, in order.</summary>
    public static List<string> Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        List<string> paths = [];
        for (var i = 0; i < count; i++)
        {
            paths.Add(Path.Combine(folder, $"{i:d5}.dcm"));
            File.WriteAllBytes(paths[i], Bytes(i));
        }

        return paths;
    }

    /// <summary>Checks that a store holds these files, each once, and nothing else.</summary>
    public static async Task AssertHoldsAsync(EmulatorProcess emulator, string store, int count)
    {
        await emulator.ClearFaultsAsync();
        Assert.Equal(
            Enumerable.Range(0, count).Select(Uid).Order(StringComparer.Ordinal),
            (await emulator.InstancesAsync(store)).Order(StringComparer.Ordinal));
        for (var i = 0; i < count; i += PerSeries - 1)
            Assert.Equal(Bytes(i), await emulator.InstanceAsync(store, Study(i), Series(i), Uid(i)));
    }

    public static string Study(int number) => $"2.25.7.{Text(number / PerSeries / 4)}";

    public static string Series(int number) => $"{Study(number)}.{Text(number / PerSeries)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
