using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

/// <summary>Real files, against what others read in them.</summary>
public sealed class Part10HeaderSampleTests
{
    [SharedFact]
    public void Read_every_sample_agrees_with_the_index()
    {
        foreach (var sample in Samples())
        {
            var file = File.ReadAllBytes(Shared.Path("dicom-samples", sample.GetProperty("file").GetString()!));
            var result = Part10Header.Read(file, isWhole: true);
            if (sample.GetProperty("transfer_syntax").GetString() is not { } transferSyntax)
            {
                Assert.True(result.IsNotDicom);
                continue;
            }

            Assert.True(result.IsFound);
            Assert.Equal(transferSyntax, result.Header.TransferSyntaxUid);
            Assert.Equal(sample.GetProperty("sop_class_uid").GetString(), result.Header.SopClassUid);
            Assert.Equal(sample.GetProperty("sop_uid").GetString(), result.Header.SopInstanceUid);
            Assert.Equal(sample.GetProperty("series_uid").GetString(), result.Header.SeriesInstanceUid);
            Assert.Equal(sample.GetProperty("study_uid").GetString(), result.Header.StudyInstanceUid);
            Assert.Equal(sample.GetProperty("preamble").GetBoolean(), result.Header.HasPreamble);
        }
    }

    [SharedFact]
    public void Read_growing_prefix_of_every_sample_needs_more_until_it_is_enough()
    {
        foreach (var sample in Samples())
        {
            var file = File.ReadAllBytes(Shared.Path("dicom-samples", sample.GetProperty("file").GetString()!));
            var whole = Part10Header.Read(file, isWhole: true);
            var isEnough = false;
            for (var length = 0; length <= Math.Min(file.Length, 65_536); length += length < 4096 ? 1 : 509)
            {
                var result = Part10Header.Read(file.AsSpan(0, length), isWhole: false);
                if (result.Status == Part10Status.NeedMore)
                {
                    Assert.False(isEnough, "More bytes made a complete header incomplete.");
                    continue;
                }

                isEnough = true;
                Assert.Equal(whole, result);
            }

            Assert.True(isEnough, "64 KiB are enough for every sample.");
        }
    }

    [SharedTheory]
    [InlineData("crayons.icc")]
    [InlineData("index.json")]
    [InlineData("README.md")]
    public void Read_what_is_not_DICOM_says_why(string name)
    {
        var file = File.ReadAllBytes(Shared.Path("dicom-samples", name));
        var result = Part10Header.Read(file, isWhole: true);
        Assert.True(result.IsNotDicom);
        Assert.Contains("not a DICOM file", result.Reason, StringComparison.Ordinal);
        Assert.Equal(result, Part10Header.Read(file.AsSpan(0, Math.Min(file.Length, 200)), isWhole: false));
    }

    private static List<JsonElement> Samples()
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("dicom-samples", "index.json")));
        return [.. index.RootElement.EnumerateArray().Select(sample => sample.Clone())];
    }
}
