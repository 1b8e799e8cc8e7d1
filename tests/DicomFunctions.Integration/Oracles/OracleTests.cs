using System.Text.Json;
using DicomFunctions.Dictionary;
using DicomFunctions.Emulator;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;
using Xunit.Abstractions;

namespace DicomFunctions.Integration.Oracles;

/// <summary>
/// The emulator reads out of a file what readers that others wrote do: no attribute is lost and none is different, but for the exceptions
/// below, each with its reason.
/// </summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private const uint SpecificCharacterSet = 0x0008_0005;
    private const uint RetrieveUrl = 0x0008_1190;

    /// <summary>Bulk data is not part of the emulator's metadata, nor is what it cannot know the representation of.</summary>
    private static readonly string[] LeftOut =
        [nameof(Vr.OB), nameof(Vr.OD), nameof(Vr.OF), nameof(Vr.OL), nameof(Vr.OV), nameof(Vr.OW), nameof(Vr.UN)];

    /// <summary>Files that only one of two readers takes, and why.</summary>
    private static readonly Dictionary<string, string> FilesOfOneReader = new()
    {
        ["chrH31.dcm"] = "Debian's dcmtk has no ISO 2022 IR 87.",
    };

    [DcmtkFact]
    public async Task Of_every_attribute_in_every_encoding_the_emulator_reads_what_DCMTK_does() =>
        await AgainstDcmtkAsync(OracleSamples.All(levels: 160), atLeast: 50_000);

    [DcmtkSamplesFact]
    public async Task Of_the_samples_the_emulator_reads_what_DCMTK_does() => await AgainstDcmtkAsync(Samples(), atLeast: 2_000);

    /// <summary>Orthanc 1.10.1 dies of sixty levels of sequences.</summary>
    [OrthancFact]
    public async Task Of_every_attribute_in_every_encoding_the_emulator_reads_what_Orthanc_does() =>
        await AgainstOrthancAsync(OracleSamples.All(levels: 20), atLeast: 50_000);

    [OrthancSamplesFact]
    public async Task Of_the_samples_the_emulator_reads_what_Orthanc_does() => await AgainstOrthancAsync(Samples(), atLeast: 2_000);

    private static bool IsException(bool isImplicit, uint tag, JsonElement? ours, JsonElement? theirs) =>
        // The answers are in UTF-8, whatever the file is in.
        tag == SpecificCharacterSet
        // PS3.18 §F.2.2 has no group lengths.
        || (tag & 0xFFFF) == 0
        || (ours is null && LeftOut.Contains(VrOf(theirs)))
        // In implicit VR only vendors' own dictionaries, which the others have, tell what a private attribute is.
        || (isImplicit && ours is null && IsPrivate(tag))
        // Their dictionaries are older than PS3.6 2026c.
        || (VrOf(theirs) == nameof(Vr.UN) && DicomDictionary.VrOf(tag) != Vr.None);

    private static bool IsExceptionOfDcmtk(bool isImplicit, uint tag, JsonElement? ours, JsonElement? theirs) =>
        // A name of nothing but delimiters is none to dcmtk.
        (VrOf(ours) == nameof(Vr.PN) && theirs is { } name && !name.TryGetProperty("Value", out _) && IsOnlyDelimiters(ours!.Value))
        || (isImplicit && IsUnsignedToDcmtk(tag));

    /// <summary>
    /// Retired limits of pixel values, and lookup tables' descriptors, which dcmtk takes for unsigned whatever the pixels are.
    /// </summary>
    private static bool IsUnsignedToDcmtk(uint tag) =>
        tag is 0x0028_0104
            or 0x0028_0105 or 0x0028_0110 or 0x0028_0111 or (>= 0x0028_1100 and <= 0x0028_1103) or (>= 0x0028_1111 and <= 0x0028_1113);

    private static bool IsOnlyDelimiters(JsonElement name) =>
        name.TryGetProperty("Value", out var values)
            && values.EnumerateArray().All(one => one.EnumerateObject().All(group => group.Value.GetString()!.All(c => c == '^')));

    private static bool IsExceptionOfOrthanc(bool isImplicit, uint tag, JsonElement? ours, JsonElement? theirs) =>
        tag == RetrieveUrl
        // Orthanc leaves out integers of 64 bits, and in implicit VR most of what can be US or SS.
        || (theirs is null && VrOf(ours) is nameof(Vr.SV) or nameof(Vr.UV))
        || (theirs is null && isImplicit && DicomDictionary.Find(tag)?.Vrs.Count > 1)
        // Orthanc takes a backslash for a delimiter in texts that have one value.
        || (VrOf(ours) is nameof(Vr.ST) or nameof(Vr.LT) or nameof(Vr.UT)
            && theirs is { } text && Joined(ours!.Value) == Joined(text) && Joined(text).Contains('\\'));

    private static string Joined(JsonElement text) => text.TryGetProperty("Value", out var values)
        ? string.Join('\\', values.EnumerateArray().Select(value => value.GetString()?.Trim()))
        : "";

    private static bool IsPrivate(uint tag) => (tag & 0x1_0000) != 0 && (tag & 0xFFFF) >= 0x1000;

    private static string? VrOf(JsonElement? attribute) => attribute?.GetProperty("vr").GetString();

    private static IEnumerable<(string Name, byte[] File)> Samples() =>
        Directory.GetFiles(Shared.Path("dicom-samples"), "*.dcm")
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)));

    private async Task AgainstDcmtkAsync(IEnumerable<(string Name, byte[] File)> files, int atLeast)
    {
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        await CompareAsync(files, emulator, atLeast, Dcmtk.ReadAsync, IsExceptionOfDcmtk);
    }

    private async Task AgainstOrthancAsync(IEnumerable<(string Name, byte[] File)> files, int atLeast)
    {
        await using var orthanc = await OrthancReader.StartAsync();
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        await CompareAsync(files, emulator, atLeast, orthanc.ReadAsync, IsExceptionOfOrthanc);
    }

    private async Task CompareAsync(
        IEnumerable<(string Name, byte[] File)> files, DicomStoreEmulator emulator, int atLeast,
        Func<byte[], Task<JsonElement?>> readByOther, Func<bool, uint, JsonElement?, JsonElement?, bool> isException)
    {
        List<string> differences = [];
        var (number, compared) = (0, 0);
        foreach (var (name, file) in files)
        {
            // A store for each: some have the UIDs of another.
            var ours = await new MetadataClient(
                $"{emulator.BaseAddress}v1/projects/p/locations/l/datasets/d/dicomStores/s{++number}/dicomWeb").ReadAsync(file);
            var theirs = await readByOther(file);
            if (ours is null || theirs is null)
            {
                if (ours is null != theirs is null && !FilesOfOneReader.ContainsKey(name))
                    differences.Add($"{name}: read by {(ours is null ? "the other" : "the emulator")} alone");
                continue;
            }

            var isImplicit = file.AsSpan().IndexOf("1.2.840.10008.1.2\0"u8) >= 0;
            var comparison = new DataSetComparison(
                (tag, our, their) => IsException(isImplicit, tag, our, their) || isException(isImplicit, tag, our, their));
            comparison.Compare(ours.Value, theirs.Value, name);
            compared += comparison.Compared;
            differences.AddRange(comparison.Differences);
        }

        output.WriteLine($"{compared} attributes are in both.");
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(60))}");
        Assert.True(compared >= atLeast, $"Only {compared} attributes are in both.");
    }
}
