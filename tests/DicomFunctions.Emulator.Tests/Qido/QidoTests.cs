using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Qido;

public sealed class QidoTests : EmulatorTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();

        // Study 1: series 1 (CT, two instances), series 2 (SR, one). Study 2: one CT instance of another patient.
        await Store.AddAsync(
            SomeDicom.Instance(1),
            SomeDicom.Instance(2),
            SomeDicom.Instance(1, series: 2)
                .With(Tags.Modality, Vr.CS, "SR").With(Tags.SopClassUid, Vr.UI, "1.2.840.10008.5.1.4.1.1.88.11"),
            SomeDicom.Instance(1, study: 2)
                .With(Tags.PatientName, Vr.PN, "Roe^Richard").With(Tags.StudyDate, Vr.DA, "20250615")
                .With(Tags.ReferringPhysicianName, Vr.PN, "Other^Otto"));
    }

    [Fact]
    public async Task Studies_have_the_default_fields()
    {
        var rows = await Store.SearchAsync("studies");

        Assert.Equal(["1.2.3.1", "1.2.3.2"], rows.All(Tags.StudyInstanceUid));
        Assert.Equal(
            ["00080005", "00080020", "00080050", "00080056", "00080090", "00100010", "00100020", "0020000D"],
            rows[0].Keys());
        Assert.Equal("ISO_IR 192", rows[0].First(Tags.SpecificCharacterSet));
        Assert.Equal("ONLINE", rows[0].First(Tags.InstanceAvailability));
        Assert.Equal("Doe^Jane Ann", (string?)rows[0]!["00100010"]!["Value"]![0]!["Alphabetic"]);
    }

    [Fact]
    public async Task Studies_every_default_field_of_the_file_is_returned()
    {
        await Store.AddAsync(SomeDicom.Instance(study: 3)
            .With(Tags.StudyTime, Vr.TM, "101010").With(Tags.TimezoneOffsetFromUtc, Vr.SH, "+0100").With(Tags.PatientBirthDate, Vr.DA, "")
            .With(Tags.PatientSex, Vr.CS, "F").With(Tags.StudyId, Vr.SH, "ID"));

        var row = (await Store.SearchAsync("studies?StudyInstanceUID=1.2.3.3"))[0];

        Assert.Equal(
            [
                "00080005", "00080020", "00080030", "00080050", "00080056", "00080090", "00080201", "00100010", "00100020", "00100030",
                "00100040", "0020000D", "00200010",
            ],
            row.Keys());
        Assert.Equal("""{"vr":"DA"}""", row!["00100030"]!.ToJsonString());
    }

    [Fact]
    public async Task Series_have_the_default_fields_and_their_parents()
    {
        await Store.AddAsync(SomeDicom.Instance(study: 3)
            .With(Tags.TimezoneOffsetFromUtc, Vr.SH, "+0100").With(Tags.SeriesDescription, Vr.LO, "Head")
            .With(Tags.PerformedProcedureStepStartDate, Vr.DA, "20260101").With(Tags.PerformedProcedureStepStartTime, Vr.TM, "101010")
            .WithSequence(Tags.RequestAttributesSequence, new SomeDicom().With(0x00400009, Vr.SH, "STEP")));

        var row = (await Store.SearchAsync("series?StudyInstanceUID=1.2.3.3"))[0];

        Assert.Equal(
            ["00080005", "00080060", "00080201", "0008103E", "0020000D", "0020000E", "00400244", "00400245", "00400275"], row.Keys());
        Assert.Equal("STEP", row!["00400275"]!["Value"]![0].First(0x00400009));
    }

    [Fact]
    public async Task Instances_have_the_default_fields_and_their_parents()
    {
        await Store.AddAsync(SomeDicom.Instance(study: 3)
            .With(Tags.TimezoneOffsetFromUtc, Vr.SH, "+0100").With(Tags.NumberOfFrames, Vr.IS, "3"));

        var row = (await Store.SearchAsync("instances?StudyInstanceUID=1.2.3.3"))[0];

        Assert.Equal(
            [
                "00080005", "00080016", "00080018", "00080056", "00080201", "0020000D", "0020000E", "00200013", "00280008", "00280010",
                "00280011", "00280100",
            ],
            row.Keys());
        Assert.Equal(3, (int)row!["00280008"]!["Value"]![0]!);
    }

    [Theory]
    [InlineData("studies?StudyInstanceUID=1.2.3.2", 1)]
    [InlineData("studies?0020000D=1.2.3.2", 1)]
    [InlineData("studies?0020000d=1.2.3.2", 1)]
    [InlineData("studies?PatientID=P1", 1)]
    [InlineData("studies?PatientID=p1", 0)]
    [InlineData("studies?PatientID=P", 0)]
    [InlineData("studies?PatientID=P*", 0)]
    [InlineData("studies?AccessionNumber=A2", 1)]
    [InlineData("studies?PatientName=Doe%5EJane%20Ann", 1)]
    [InlineData("studies?PatientName=Doe^Jane+Ann", 1)]
    [InlineData("studies?PatientName=Doe", 0)]
    [InlineData("studies?ReferringPhysicianName=Other^Otto", 1)]
    [InlineData("studies?StudyDate=20260131", 1)]
    [InlineData("studies?StudyDate=20250101-20260131", 2)]
    [InlineData("studies?StudyDate=20250101-20260130", 1)]
    [InlineData("studies?PatientID=P1&AccessionNumber=A2", 0)]
    [InlineData("studies?PatientName=jan&fuzzymatching=true", 1)]
    [InlineData("studies?PatientName=r+d&fuzzymatching=true", 2)]
    [InlineData("studies?PatientName=ane&fuzzymatching=true", 0)]
    [InlineData("studies?PatientName=jan&fuzzymatching=false", 0)]
    [InlineData("series?Modality=CT", 2)]
    [InlineData("series?Modality=CT&PatientID=P1", 1)]
    [InlineData("series?SeriesInstanceUID=1.2.3.1.2", 1)]
    [InlineData("series?SeriesInstanceUID=1.2.3.1.2&Modality=CT", 0)]
    [InlineData("series?SeriesInstanceUID=1.2.3.1.2&StudyInstanceUID=1.2.3.2", 0)]
    [InlineData("series", 3)]
    [InlineData("instances", 4)]
    [InlineData("instances?SOPInstanceUID=1.2.3.1.1.2", 1)]
    [InlineData("instances?SOPInstanceUID=1.2.3.1.1.2&SeriesInstanceUID=1.2.3.1.1&StudyInstanceUID=1.2.3.1", 1)]
    [InlineData("instances?SOPInstanceUID=1.2.3.1.1.2&SeriesInstanceUID=1.2.3.1.2", 0)]
    [InlineData("instances?SOPInstanceUID=1.2.3.1.1.2&PatientID=P2", 0)]
    [InlineData("instances?StudyInstanceUID=1.2.3.1", 3)]
    [InlineData("instances?PatientID=P2", 1)]
    [InlineData("instances?Modality=SR", 1)]
    [InlineData("instances?StudyInstanceUID=9.9", 0)]
    [InlineData("studies/1.2.3.1/series", 2)]
    [InlineData("studies/1.2.3.1/series?Modality=SR", 1)]
    [InlineData("studies/1.2.3.1/instances", 3)]
    [InlineData("studies/1.2.3.1/instances?SOPInstanceUID=1.2.3.2.1.1", 0)]
    [InlineData("studies/1.2.3.1/series/1.2.3.1.1/instances", 2)]
    [InlineData("studies/1.2.3.2/series/1.2.3.1.1/instances", 0)]
    [InlineData("studies/1.2.3.1/instances?StudyInstanceUID=1.2.3.2", 0)]
    [InlineData("studies/9.9/series", 0)]
    public async Task Search_filters_find_exactly_the_matches(string search, int expected) =>
        Assert.Equal(expected, (await Store.SearchAsync(search)).Count);

    [Theory]
    [InlineData("studies?Modality=CT")]
    [InlineData("studies?SeriesInstanceUID=1.2")]
    [InlineData("series?SOPInstanceUID=1.2")]
    [InlineData("studies?PatientBirthDate=19700101")]
    [InlineData("studies?NoSuchKeyword=1")]
    [InlineData("studies?patientid=P1")]
    [InlineData("studies?PatientID=")]
    [InlineData("studies?PatientID=P1&PatientID=P2")]
    [InlineData("studies?StudyInstanceUID=1.2,1.3")]
    [InlineData("studies?StudyInstanceUID=1.2.*")]
    [InlineData("studies?StudyDate=2026")]
    [InlineData("studies?StudyDate=20261301")]
    [InlineData("studies?StudyDate=20260101-")]
    [InlineData("studies?fuzzymatching=yes")]
    [InlineData("studies?limit=0")]
    [InlineData("studies?limit=-1")]
    [InlineData("studies?limit=abc")]
    [InlineData("studies?limit=5001")]
    [InlineData("series?limit=5001")]
    [InlineData("instances?limit=50001")]
    [InlineData("studies?offset=-1")]
    [InlineData("studies?offset=1000001")]
    [InlineData("studies?limit=1&limit=2")]
    [InlineData("studies?includefield=NoSuchKeyword")]
    [InlineData("studies?includefield=SOPInstanceUID")]
    [InlineData("studies?includefield=Modality")]
    [InlineData("instances?includefield=PixelData")]
    [InlineData("studies?includefield=")]
    public async Task Search_unsupported_query_is_a_bad_request(string search)
    {
        using var response = await Store.GetAsync(search);

        await response.AssertErrorAsync(400, "INVALID_ARGUMENT");
    }

    [Theory]
    [InlineData("studies?limit=5000")]
    [InlineData("series?limit=5000")]
    [InlineData("instances?limit=50000")]
    [InlineData("instances?offset=0&limit=1")]
    public async Task Search_limits_up_to_the_maximum_are_accepted(string search) => Assert.NotEmpty(await Store.SearchAsync(search));

    [Fact]
    public async Task Search_limit_and_offset_return_every_row_once()
    {
        var seen = new List<string>();
        for (var offset = 0; ; offset++)
        {
            var page = await Store.SearchAsync($"instances?limit=1&offset={offset}");
            if (page.Count == 0)
                break;

            seen.AddRange(page.All(Tags.SopInstanceUid));
        }

        Assert.Equal((await Store.SearchAsync("instances")).All(Tags.SopInstanceUid), seen);
        Assert.Empty(await Store.SearchAsync("instances?offset=1000000"));
    }

    [Fact]
    public async Task Search_included_fields_are_added_to_the_default_ones()
    {
        await Store.AddAsync(SomeDicom.Instance(study: 3)
            .With(0x00081030, Vr.LO, "Thorax").With(0x00080070, Vr.LO, "Maker").With(0x00180050, Vr.DS, "1.50"));

        var study = (await Store.SearchAsync("studies?PatientID=P3&includefield=StudyDescription,00201208"))[0];
        var series = (await Store.SearchAsync(
            "series?PatientID=P3&includefield=Manufacturer&includefield=PatientID,NumberOfSeriesRelatedInstances"))[0];
        var instance = (await Store.SearchAsync("instances?PatientID=P3&includefield=SliceThickness,PatientName"))[0];

        Assert.Equal("Thorax", study.First(0x00081030));
        Assert.Equal("1", study.First(Tags.NumberOfStudyRelatedInstances));
        Assert.Equal("P3", study.First(Tags.PatientId));
        Assert.Equal("Maker", series.First(0x00080070));
        Assert.Equal("P3", series.First(Tags.PatientId));
        Assert.Equal("1", series.First(Tags.NumberOfSeriesRelatedInstances));
        Assert.Equal("""{"vr":"DS","Value":[1.50]}""", instance!["00180050"]!.ToJsonString());
        Assert.NotNull(instance["00100010"]);
        Assert.NotNull(instance["00280010"]);
    }

    [Fact]
    public async Task Studies_computed_fields_count_series_and_instances()
    {
        var row = (await Store.SearchAsync(
            "studies?PatientID=P1&includefield="
            + "ModalitiesInStudy,NumberOfStudyRelatedSeries,NumberOfStudyRelatedInstances,SOPClassesInStudy"))[0];

        Assert.Equal("""{"vr":"CS","Value":["CT","SR"]}""", row!["00080061"]!.ToJsonString());
        Assert.Equal("""{"vr":"IS","Value":[2]}""", row["00201206"]!.ToJsonString());
        Assert.Equal("""{"vr":"IS","Value":[3]}""", row["00201208"]!.ToJsonString());
        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", row.First(Tags.SopClassesInStudy));
    }

    [Fact]
    public async Task Search_include_all_returns_all_of_the_level_but_bulk_data()
    {
        await Store.AddAsync(SomeDicom.Instance(study: 3)
            .With(0x00081030, Vr.LO, "Thorax").With(0x00080070, Vr.LO, "Maker").With(0x00180050, Vr.DS, "1.5")
            .With(0x00990010, Vr.LO, "PRIVATE").With(0x00991001, Vr.LO, "private value")
            .WithSequence(0x00081140, new SomeDicom().With(Tags.ReferencedSopInstanceUid, Vr.UI, "1.2.9")));

        var study = (await Store.SearchAsync("studies?PatientID=P3&includefield=all"))[0];
        var series = (await Store.SearchAsync("series?PatientID=P3&includefield=all"))[0];
        var instance = (await Store.SearchAsync("instances?PatientID=P3&includefield=all"))[0];

        Assert.Equal("Thorax", study.First(0x00081030));
        Assert.Equal("CT", study.First(Tags.ModalitiesInStudy));
        Assert.DoesNotContain("00080018", study.Keys());
        Assert.Equal("Maker", series.First(0x00080070));
        Assert.Equal("1", series.First(Tags.NumberOfSeriesRelatedInstances));
        Assert.Equal("1.2.9", instance!["00081140"]!["Value"]![0].First(Tags.ReferencedSopInstanceUid));
        Assert.Equal("private value", instance.First(0x00991001));
        Assert.Equal("ONLINE", instance.First(Tags.InstanceAvailability));
        Assert.DoesNotContain("7FE00010", instance.Keys());
        Assert.Equal(instance.Keys().Order(StringComparer.Ordinal), instance.Keys());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/dicom+json")]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("text/html, application/*;q=0.5")]
    public async Task Search_supported_accept_is_answered(string? accept)
    {
        using var response = await Store.GetAsync("studies", accept);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/dicom+json;q=0")]
    [InlineData("multipart/related; type=\"application/dicom+xml\"")]
    public async Task Search_unsupported_accept_is_not_acceptable(string accept)
    {
        using var response = await Store.GetAsync("studies", accept);

        await response.AssertErrorAsync(406, "INVALID_ARGUMENT");
    }

    [Fact]
    public async Task Search_many_rows_are_complete_and_in_order()
    {
        await Store.AddAsync([.. Enumerable.Range(10, 300).Select(number => SomeDicom.Instance(number, study: 5))]);

        var rows = await Store.SearchAsync("instances?StudyInstanceUID=1.2.3.5");

        Assert.Equal(Enumerable.Range(10, 300).Select(number => $"1.2.3.5.1.{number}"), rows.All(Tags.SopInstanceUid));
        Assert.Equal(100, (await SearchStudiesAsync()).Count);

        async Task<System.Text.Json.Nodes.JsonArray> SearchStudiesAsync()
        {
            await Store.AddAsync([.. Enumerable.Range(100, 120).Select(study => SomeDicom.Instance(study: study))]);
            return await Store.SearchAsync("studies");
        }
    }
}
