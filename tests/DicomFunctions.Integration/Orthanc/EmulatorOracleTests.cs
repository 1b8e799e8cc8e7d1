using System.Text.Json;
using DicomFunctions.Emulator;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Orthanc;

/// <summary>What the emulator reads out of real files is what Orthanc reads, on every attribute that both give.</summary>
public sealed class EmulatorOracleTests
{
    /// <summary>
    /// Left out: where the answer came from (RetrieveURL, RetrieveAETitle, availability, time zone), and the character set, which is
    /// the answer's own.
    /// </summary>
    private static readonly HashSet<string> OfTheServer = ["00081190", "00080054", "00080056", "00080201", "00080005"];

    [OrthancSamplesFact]
    public async Task The_emulator_answers_as_Orthanc_does()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        await using var atOrthanc = new PeerHost(orthanc.BaseUrl);
        await using var atEmulator = new PeerHost($"{emulator.BaseAddress}v1");
        using var index = JsonDocument.Parse(await File.ReadAllTextAsync(Shared.Path("dicom-samples", "index.json")));
        var compared = 0;
        foreach (var sample in index.RootElement.EnumerateArray())
        {
            var name = sample.GetProperty("file").GetString()!;
            var file = (name, await File.ReadAllBytesAsync(Shared.Path("dicom-samples", name)));
            // Files that share their UIDs are told apart by the emulator alone; the kanji of one are lost by Orthanc.
            var isStored = Assert.Single(await atEmulator.UploadAsync([file])).GetProperty("success").GetBoolean();
            if (!isStored || name == "chrH31.dcm")
                continue;
            Assert.True(Assert.Single(await atOrthanc.UploadAsync([file])).GetProperty("success").GetBoolean());
            var study = sample.GetProperty("study_uid").GetString()!;
            var series = sample.GetProperty("series_uid").GetString()!;
            var instance = sample.GetProperty("sop_uid").GetString()!;
            compared += await CompareAsync(atEmulator, atOrthanc, "studies", new { StudyInstanceUID = study }, name);
            compared += await CompareAsync(atEmulator, atOrthanc, "series", new { SeriesInstanceUID = series }, name);
            compared += await CompareAsync(atEmulator, atOrthanc, "instances", new { SOPInstanceUID = instance }, name);
        }

        Assert.True(compared > 150, $"Only {compared} attributes were in both answers.");
    }

    private static async Task<int> CompareAsync(PeerHost emulator, PeerHost orthanc, string type, object parameters, string name)
    {
        var ours = Assert.Single((await emulator.SearchAsync(type, parameters)).GetProperty("result").EnumerateArray());
        var theirs = Assert.Single((await orthanc.SearchAsync(type, parameters)).GetProperty("result").EnumerateArray());
        var compared = 0;
        foreach (var attribute in theirs.EnumerateObject())
        {
            if (OfTheServer.Contains(attribute.Name) || !ours.TryGetProperty(attribute.Name, out var ourValue))
                continue;
            Assert.True(Text(attribute.Value) == Text(ourValue), $"{name}, {type}, {attribute.Name}: {attribute.Value} and {ourValue}");
            compared++;
        }

        return compared;
    }

    /// <summary>VR and values; a number is the same number however it is written, and an empty value is none.</summary>
    private static string Text(JsonElement attribute)
    {
        var values = attribute.TryGetProperty("Value", out var list)
            ? list.EnumerateArray().Select(value => value.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.Object => string.Join('=', value.EnumerateObject().Select(group => group.Value.GetString())),
                JsonValueKind.Number => value.GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => value.GetString()!,
            })
            : [];
        return $"{attribute.GetProperty("vr").GetString()} {string.Join('\\', values)}".TrimEnd();
    }
}
