using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using DicomFunctions.Testing;
using ChildProcess = System.Diagnostics.Process;

namespace DicomFunctions.Integration.Oracles;

/// <summary>What dcmtk (Debian: dcmtk) reads out of a file.</summary>
internal static class Dcmtk
{
    private const string PixelData = "(7fe0,0010)";

    /// <summary>Why its tests are skipped; null when it is installed.</summary>
    public static string? Missing { get; } = IsInstalled()
        ? null
        : "dcmtk is not installed (apt-get install --no-install-recommends dcmtk).";

    /// <summary>A file's data set as DICOM JSON without its pixel data, or null for a file that dcmtk does not read.</summary>
    public static async Task<JsonElement?> ReadAsync(byte[] file)
    {
        using var folder = new TempFolder();
        var path = folder.Combine("file.dcm");
        await File.WriteAllBytesAsync(path, file);
        // dcm2json has no way to write compressed pixel data. A file without any is left as it is, and fails here.
        await RunAsync("dcmodify", "--no-backup", "--ignore-missing-tags", "--erase-all", PixelData, path);
        var (exitCode, output) = await RunAsync("dcm2json", "--compact-code", "--encode-extended", path);
        if (exitCode != 0)
            return null;
        using var document = JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }

    private static bool IsInstalled()
    {
        try
        {
            return RunAsync("dcm2json", "--version").GetAwaiter().GetResult().ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await error;
        return (process.ExitCode, output);
    }
}
