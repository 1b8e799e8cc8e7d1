using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources.DicomWeb;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.DicomWeb;

public sealed class DicomWebReferenceTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Theory]
    [InlineData("dicomweb:pacs/studies/1.2", "1.2", null, null)]
    [InlineData("DICOMweb:pacs/studies/1.2/series/1.3", "1.2", "1.3", null)]
    [InlineData($"dicomweb:{Store}/dicomWeb/studies/1.2/series/1.3/instances/1.4", "1.2", "1.3", "1.4")]
    public void Parse_a_resource_has_its_UIDs(string reference, string study, string? series, string? instance)
    {
        Assert.Null(DicomWebReference.Parse(reference, out var parsed));
        Assert.Equal((study, series, instance, null), (parsed.Study, parsed.Series, parsed.SopInstance, parsed.Search));
        Assert.Equal(instance is null, parsed.IsPattern);
        Assert.Equal(reference.Contains(Store, StringComparison.Ordinal) ? Store : null, parsed.Store?.ToString());
        Assert.Equal(reference.Replace("DICOMweb", "dicomweb", StringComparison.Ordinal), parsed.ToString());
    }

    [Theory]
    [InlineData("studies", QidoLevel.Studies, "")]
    [InlineData("series?Modality=CT", QidoLevel.Series, "Modality=CT")]
    [InlineData("instances?a=%31+2&b=%C3%A9=&limit=5&offset=7", QidoLevel.Instances, "a=1+2;b=é=")]
    [InlineData("studies/1.2/series?", QidoLevel.Series, "")]
    [InlineData("studies/1.2/series/1.3/instances?x=y", QidoLevel.Instances, "x=y")]
    [InlineData("studies?StudyDate=20260101-20260131&&PatientName=A/B", QidoLevel.Studies, "StudyDate=20260101-20260131;PatientName=A/B")]
    public void Parse_a_search_has_its_level_and_filters(string path, QidoLevel level, string filters)
    {
        Assert.Null(DicomWebReference.Parse("dicomweb:pacs/" + path, out var parsed));
        Assert.Equal(level, parsed.Search);
        Assert.True(parsed.IsPattern);
        Assert.Equal(filters, string.Join(';', parsed.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")));
        Assert.Equal(path.Contains("limit", StringComparison.Ordinal) ? (5L, 7L) : (null, 0L), (parsed.Limit, parsed.Offset));
        Assert.Equal(path.Contains("1.2", StringComparison.Ordinal) ? "1.2" : null, parsed.Study);
    }

    [Theory]
    [InlineData("pacs", "Write dicomweb:SERVER/studies/STUDY")]
    [InlineData("/studies/1.2", "Write dicomweb:SERVER/studies/STUDY")]
    [InlineData("//pacs/studies/1.2", "Write dicomweb:SERVER/studies/STUDY")]
    [InlineData("pacs/studies/", "is not a UID")]
    [InlineData("pacs/studies/1.2/", "Write dicomweb:")]
    [InlineData("pacs/studies/1.2?a=b", "Write dicomweb:")]
    [InlineData("pacs/studies/1.2/instances/1.4", "Write dicomweb:")]
    [InlineData("pacs/studies/../../x", "Write dicomweb:")]
    [InlineData("pacs/studies/..", "is not a UID")]
    [InlineData("pacs/studies/1.2%2Fmetadata", "is not a UID")]
    [InlineData("pacs/patients?x=y", "Write dicomweb:")]
    [InlineData("pacs/studies?x", "KEY=VALUE")]
    [InlineData("pacs/studies?=x", "KEY=VALUE")]
    [InlineData("pacs/studies?limit=-1", "limit must be a whole number")]
    [InlineData("pacs/studies?offset=many", "offset must be a whole number")]
    [InlineData("projects/p/studies/1.2", "Write dicomweb:")]
    [InlineData($"{Store}/studies/1.2", "Write dicomweb:")]
    [InlineData("projects/p/locations/l/datasets/d/dicomStores/../dicomWeb/studies/1.2", "The store must be")]
    public void Parse_what_is_no_reference_says_what_to_write(string text, string message)
    {
        var problem = DicomWebReference.Parse("dicomweb:" + text, out _);
        Assert.Equal(FailureCode.BadReference, problem?.Code);
        Assert.Contains(message, problem!.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
    }
}
