using System.Text.Json;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;
using DicomFunctions.Testing;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>
/// Whole DICOM files, as the emulator reads them into DICOM JSON: <see cref="DicomReader"/> and <see cref="DicomAttributes"/>.
/// </summary>
public sealed class DicomReaderFuzzTests
{
    /// <summary>One value as long as values may be, and the JSON of a small file.</summary>
    private const long Most = 4 << 20;

    [Fact]
    public void Every_valid_file_is_read_to_its_end() => Fuzzing.Check(DicomSample.Strict, sample =>
    {
        var (attributes, syntax) = Read(new Input(sample.ToBytes(), 1 << 20));
        Assert.Equal(sample.Syntax, syntax);
        Assert.Equal(sample.Instance ?? "", attributes.Text(Tags.SopInstanceUid));
        Assert.Equal(sample.Study ?? "", attributes.Text(Tags.StudyInstanceUid));
        Assert.Equal(sample.Series ?? "", attributes.Text(Tags.SeriesInstanceUid));
        IsJson(attributes);
    });

    [Fact]
    public void What_is_wanted_is_the_same_whatever_else_is_wanted() => Fuzzing.Check(
        (from sample in DicomSample.Strict.Generator
         from divisor in Gen.Choose(2, 5)
         select (Bytes: sample.ToBytes(), Divisor: (uint)divisor)).ToArbitrary(),
        file =>
        {
            var all = Read(new Input(file.Bytes, 1 << 20)).Attributes;
            var some = Read(new Input(file.Bytes, 1 << 20), tag => tag % file.Divisor == 0).Attributes;
            Assert.Equal(all.AllTags.Where(tag => tag % file.Divisor == 0).Order(), some.AllTags.Order());
            Assert.All(some.AllTags, tag => Assert.Equal(all.Json(tag).ToArray(), some.Json(tag).ToArray()));
        });

    [Fact]
    public void A_damaged_file_has_attributes_or_a_reason() =>
        Fuzzing.Check(
            Input.Of(Damage.Of(DicomSample.Strict.Generator.Select(sample => sample.ToBytes()))), HasAttributesOrReason, runs: 5000);

    [Fact]
    public void Noise_behind_a_file_meta_has_attributes_or_a_reason() => Fuzzing.Check(
        Input.Of(
            from syntax in Gen.Elements(
                TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
                TransferSyntaxes.Deflated)
            from noise in Damage.Noise
            select (byte[])[.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", syntax), .. noise]),
        HasAttributesOrReason);

    [Theory]
    [Corpus("part10")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("part10", file)), input => Fuzzing.Replay(input, HasAttributesOrReason));

    private static void HasAttributesOrReason(Input input)
    {
        try
        {
            IsJson(Read(input).Attributes);
        }
        catch (DicomFormatException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static (DicomAttributes Attributes, string Syntax) Read(
        Input input, Func<uint, bool>? wants = null) => Memory.AtMost(Most, () =>
    {
        using var file = input.Open();
        return DicomAttributes.Read(file, wants ?? (_ => true));
    });

    private static void IsJson(DicomAttributes attributes)
    {
        var json = attributes.Render(attributes.AllTags, new Dictionary<uint, DicomJsonValue>());
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        Assert.Equal(attributes.AllTags.Count(), document.RootElement.EnumerateObject().Count());
    }
}
