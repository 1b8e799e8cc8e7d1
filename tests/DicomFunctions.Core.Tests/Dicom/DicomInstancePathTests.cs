using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class DicomInstancePathTests
{
    private const string Store = "projects/a/locations/b/datasets/c/dicomStores/d";
    private const string Instance = Store + "/dicomWeb/studies/1.2/series/3.4/instances/5.6";

    [Fact]
    public void TryParse_instance_path_gives_its_parts()
    {
        Assert.True(DicomInstancePath.TryParse(Instance, out var path, out _));
        Assert.Equal(new DicomStorePath("a", "b", "c", "d"), path.Store);
        Assert.Equal("1.2", path.StudyInstanceUid);
        Assert.Equal("3.4", path.SeriesInstanceUid);
        Assert.Equal("5.6", path.SopInstanceUid);
        Assert.Equal(Instance, path.ToString());
    }

    [Fact]
    public void TryParse_a_dataset_in_another_script_is_taken()
    {
        Assert.True(
            DicomInstancePath.TryParse(Instance.Replace("datasets/c", "datasets/données", StringComparison.Ordinal), out var path, out _));
        Assert.Equal("données", path.Store.DatasetId);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("this is not a valid pubsub message", "malformed")]
    [InlineData(Store, "malformed")]
    [InlineData(Store + "/dicomWeb", "malformed")]
    [InlineData(Store + "/dicomWeb/studies", "malformed")]
    [InlineData(Store + "/dicomWeb/studies/1.2", "study_level")]
    [InlineData(Store + "/dicomWeb/studies/1.2/series", "malformed")]
    [InlineData(Store + "/dicomWeb/studies/1.2/series/3.4", "series_level")]
    [InlineData(Store + "/dicomWeb/studies/1.2/series/3.4/instances", "malformed")]
    [InlineData(Instance + "/frames/1", "malformed")]
    [InlineData(Instance + "/frames/1/a/b/c/d/e/f/g/h/i/j/k", "malformed")]
    [InlineData("/" + Instance, "malformed")]
    [InlineData(Instance + "/", "malformed")]
    [InlineData(Instance + "?x=1", "malformed")]
    [InlineData(Instance + "#x", "malformed")]
    [InlineData("https://healthcare.googleapis.com/v1/" + Instance, "malformed")]
    [InlineData("projects/a/locations/b/datasets/c/fhirStores/d/dicomWeb/studies/1.2/series/3.4/instances/5.6", "not_a_dicom_store")]
    [InlineData("projects/a/locations/b/datasets/c/hl7V2Stores/d/messages/1", "not_a_dicom_store")]
    [InlineData("projects/a/topics/b", "not_a_dicom_store")]
    [InlineData(Store + "/dicomweb/studies/1.2/series/3.4/instances/5.6", "malformed")]
    [InlineData(Store + "/dicomWeb/studies//series/3.4/instances/5.6", "empty_id")]
    [InlineData("projects//locations/b/datasets/c/dicomStores/d/dicomWeb/studies/1.2/series/3.4/instances/5.6", "empty_id")]
    [InlineData("projects/a/locations/b/datasets/../dicomStores/d/dicomWeb/studies/1.2/series/3.4/instances/5.6", "bad_id")]
    [InlineData(Store + "/dicomWeb/studies/abc/series/3.4/instances/5.6", "bad_uid")]
    [InlineData(Store + "/dicomWeb/studies/1.2/series/3..4/instances/5.6", "bad_uid")]
    [InlineData(Store + "/dicomWeb/studies/1.2/series/3.4/instances/5.6\n", "bad_uid")]
    public void TryParse_anything_else_tells_what_it_is(string text, string code)
    {
        Assert.False(DicomInstancePath.TryParse(text, out var path, out var problem));
        Assert.Null(path);
        Assert.Equal(code, problem.Code);
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_huge_text_is_refused_briefly()
    {
        foreach (var text in new[] { new string('/', 1_000_000), new string('1', 1_000_000), Instance + new string('1', 1_000_000) })
        {
            Assert.False(DicomInstancePath.TryParse(text, out _, out var problem));
            Assert.True(problem.Message.Length < 200);
        }
    }

    [SharedFact]
    public void TryParse_vectors_agree()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("vectors", "format.json")));
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var expected = vector.GetProperty("expect");
            var succeeded = DicomInstancePath.TryParse(vector.GetProperty("input").GetString(), out var path, out _);
            Assert.Equal(expected.GetProperty("success").GetBoolean(), succeeded);
            if (path is null)
                continue;
            var result = expected.GetProperty("result");
            var parameters = result.GetProperty("params");
            Assert.Equal(result.GetProperty("project_id").GetString(), path.Store.ProjectId);
            Assert.Equal(result.GetProperty("region").GetString(), path.Store.Region);
            Assert.Equal(result.GetProperty("dataset_id").GetString(), path.Store.DatasetId);
            Assert.Equal(result.GetProperty("dicom_store_id").GetString(), path.Store.DicomStoreId);
            Assert.Equal(parameters.GetProperty("StudyInstanceUID").GetString(), path.StudyInstanceUid);
            Assert.Equal(parameters.GetProperty("SeriesInstanceUID").GetString(), path.SeriesInstanceUid);
            Assert.Equal(parameters.GetProperty("SOPInstanceUID").GetString(), path.SopInstanceUid);
        }
    }
}
