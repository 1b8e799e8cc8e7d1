namespace DicomFunctions.Dictionary.Tests;

public sealed class DicomDictionaryTests
{
    [Theory]
    [InlineData(0x00100010u, "PatientName", Vr.PN, "1", false)]
    [InlineData(0x00020010u, "TransferSyntaxUID", Vr.UI, "1", false)]
    [InlineData(0x00041220u, "DirectoryRecordSequence", Vr.SQ, "1", false)]
    [InlineData(0x00060001u, "CurrentFrameFunctionalGroupsSequence", Vr.SQ, "1", false)]
    [InlineData(0x00181060u, "TriggerTime", Vr.DS, "1", false)]
    [InlineData(0x00324000u, "StudyComments", Vr.LT, "1", true)]
    [InlineData(0x00080018u, "SOPInstanceUID", Vr.UI, "1", false)]
    [InlineData(0x00102162u, "EthnicGroups", Vr.UC, "1-n", false)]
    [InlineData(0x52009230u, "PerFrameFunctionalGroupsSequence", Vr.SQ, "1", false)]
    [InlineData(0x7FE00003u, "EncapsulatedPixelDataValueTotalLength", Vr.UV, "1", false)]
    [InlineData(0xFFFCFFFCu, "DataSetTrailingPadding", Vr.OB, "1", false)]
    public void An_attribute_is_found_by_tag_and_by_keyword(uint tag, string keyword, Vr vr, string multiplicity, bool isRetired)
    {
        foreach (var attribute in new[] { DicomDictionary.Find(tag)!, DicomDictionary.Find(keyword)! })
        {
            Assert.Equal(tag, attribute.Tag);
            Assert.Equal(keyword, attribute.Keyword);
            Assert.Equal([vr], attribute.Vrs);
            Assert.Equal(multiplicity, attribute.Multiplicity);
            Assert.Equal(isRetired, attribute.IsRetired);
        }

        Assert.Equal(vr, DicomDictionary.VrOf(tag));
    }

    [Theory]
    [InlineData(0x00280106u, Vr.US, Vr.SS)] // SmallestImagePixelValue
    [InlineData(0x7FE00010u, Vr.OW, Vr.OW)] // PixelData
    [InlineData(0x00283006u, Vr.OW, Vr.OW)] // LUTData
    [InlineData(0x54001010u, Vr.OW, Vr.OW)] // WaveformData
    public void An_attribute_of_several_representations_has_one_in_implicit_VR(uint tag, Vr ofUnsigned, Vr ofSigned)
    {
        Assert.True(DicomDictionary.Find(tag)!.Vrs.Count > 1);
        Assert.Equal(ofUnsigned, DicomDictionary.VrOf(tag, signedPixels: false));
        Assert.Equal(ofSigned, DicomDictionary.VrOf(tag, signedPixels: true));
    }

    [Theory]
    [InlineData(0x60000010u, "OverlayRows", 0x60000010u)]
    [InlineData(0x601E0010u, "OverlayRows", 0x60000010u)]
    [InlineData(0x50020005u, "CurveDimensions", 0x50000005u)]
    [InlineData(0x00203142u, "SourceImageIDs", 0x00203100u)]
    [InlineData(0x00280432u, "CoefficientCoding", 0x00280412u)]
    [InlineData(0x10000100u, "EscapeTriplet", 0x10000000u)]
    [InlineData(0x10101234u, "ZonalMap", 0x10100000u)]
    public void An_attribute_of_a_repeating_group_is_found_in_every_group(uint tag, string keyword, uint first)
    {
        var attribute = DicomDictionary.Find(tag)!;
        Assert.Equal(tag, attribute.Tag);
        Assert.Equal(keyword, attribute.Keyword);
        Assert.Equal(first, DicomDictionary.Find(keyword)!.Tag);
        Assert.Equal(attribute.Vrs[0], DicomDictionary.VrOf(tag));
    }

    [Theory]
    [InlineData(0x00090010u)]
    [InlineData(0x60010010u)]
    [InlineData(0x7FE10010u)]
    [InlineData(0x00080004u)]
    [InlineData(0xFFFEE000u)]
    public void A_tag_that_is_private_or_unknown_is_not_found(uint tag)
    {
        Assert.Null(DicomDictionary.Find(tag));
        Assert.Equal(Vr.None, DicomDictionary.VrOf(tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("patientname")]
    [InlineData("Patient Name")]
    [InlineData("PatientNam")]
    [InlineData("PatientNamé")]
    [InlineData("-")]
    public void An_unknown_keyword_is_not_found(string keyword) => Assert.Null(DicomDictionary.Find(keyword));

    [Fact]
    public void A_very_long_keyword_is_not_found() => Assert.Null(DicomDictionary.Find(new string('A', 100_000)));

    [Fact]
    public void Every_attribute_is_well_formed_and_found_again()
    {
        var all = DicomDictionary.All.ToList();
        Assert.InRange(all.Count, 5_300, 6_000);
        Assert.Equal(all.Count, all.Select(attribute => attribute.Tag).Distinct().Count());
        Assert.Equal(3, all.Count(attribute => attribute.Keyword.Length == 0));
        foreach (var attribute in all)
        {
            Assert.Equal(attribute, DicomDictionary.Find(attribute.Tag)!, SameAttribute.Instance);
            Assert.All(attribute.Vrs, vr => Assert.True(Enum.IsDefined(vr) && vr != Vr.None, $"{attribute}"));
            Assert.Matches(@"^[1-9]\d*(-(\d*n|\d+))?(/[1-9]\d*(-n)?)?$", attribute.Multiplicity);
            if (attribute.Keyword.Length > 0)
                Assert.Equal(attribute, DicomDictionary.Find(attribute.Keyword)!, SameAttribute.Instance);
        }
    }

    [Fact]
    public void Looking_up_a_representation_allocates_nothing()
    {
        DicomDictionary.VrOf(0x00100010);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var tag = 0x00100000u; tag < 0x00110000u; tag++)
            DicomDictionary.VrOf(tag);
        DicomDictionary.VrOf(0x60020010);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class SameAttribute : IEqualityComparer<DicomAttribute>
    {
        public static readonly SameAttribute Instance = new();

        public bool Equals(DicomAttribute? one, DicomAttribute? other) =>
            one!.Tag == other!.Tag && one.Keyword == other.Keyword && one.Vrs.SequenceEqual(other.Vrs);

        public int GetHashCode(DicomAttribute attribute) => attribute.Tag.GetHashCode();
    }
}
