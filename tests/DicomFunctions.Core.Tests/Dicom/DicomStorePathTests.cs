using DicomFunctions.Core.Dicom;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class DicomStorePathTests
{
    [Theory]
    [InlineData("projects/a/locations/b/datasets/c/dicomStores/d")]
    [InlineData("projects/test_project/locations/test_region/datasets/test_dataset_id/dicomStores/test_dicom_store_id")]
    [InlineData("projects/PROJECT_ID/locations/LOCATION/datasets/DATASET_ID/dicomStores/DICOM_STORE_ID")]
    [InlineData("projects/example.com:p-1/locations/europe-west4/datasets/a.b/dicomStores/..c")]
    public void TryParse_WhatToStringWrites_GivesItBack(string path)
    {
        Assert.True(DicomStorePath.TryParse(path, out var store));
        Assert.Equal(path, store.ToString());
        Assert.Equal(store, new DicomStorePath(store.ProjectId, store.Region, store.DatasetId, store.DicomStoreId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("projects")]
    [InlineData("/projects/a/locations/b/datasets/c/dicomStores/d")]
    [InlineData("projects/a/locations/b/datasets/c/dicomStores/d/")]
    [InlineData("projects/a/locations/b/datasets/c/dicomStores/d/dicomWeb")]
    [InlineData("projects/a/locations/b/datasets/c/fhirStores/d")]
    [InlineData("projects/a/locations/b/datasets/c/dicomstores/d")]
    [InlineData("projects/a/b/locations/c/datasets/d/dicomStores/e")]
    public void TryParse_AnotherShape_TellsTheShape(string path)
    {
        Assert.False(DicomStorePath.TryParse(path, out var store, out var problem));
        Assert.Null(store);
        Assert.Contains("projects/P/locations/L/datasets/D/dicomStores/S", problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> HostileIds() =>
        ["", ".", "..", "../x", "a/b", "a%2fb", "a\0b", "a b", "a?b", "a#b", "a\\b", "a\nb", "é", new string('a', 10_000)];

    [Theory]
    [MemberData(nameof(HostileIds))]
    public void Problem_HostileId_NamesItsKeyAndNotTheId(string id)
    {
        AssertProblem("project_id", DicomStorePath.Problem(id, "b", "c", "d"));
        AssertProblem("region", DicomStorePath.Problem("a", id, "c", "d"));
        AssertProblem("dataset_id", DicomStorePath.Problem("a", "b", id, "d"));
        AssertProblem("dicom_store_id", DicomStorePath.Problem("a", "b", "c", id));
        Assert.Throws<ArgumentException>(() => new DicomStorePath("a", "b", id, "d"));
        Assert.False(DicomStorePath.TryParse($"projects/a/locations/b/datasets/{id}/dicomStores/d", out _));
    }

    [Fact]
    public void Problem_Null_IsAProblem() => AssertProblem("region", DicomStorePath.Problem("a", null, "c", "d"));

    [Theory]
    [InlineData(128, 64, 256, 256, true)]
    [InlineData(129, 64, 256, 256, false)]
    [InlineData(128, 65, 256, 256, false)]
    [InlineData(128, 64, 257, 256, false)]
    [InlineData(128, 64, 256, 257, false)]
    public void Problem_Lengths_EndWhereTheTextsSay(int project, int region, int dataset, int store, bool isValid) =>
        Assert.Equal(isValid, DicomStorePath.Problem(
            new string('a', project), new string('a', region), new string('a', dataset), new string('a', store)) is null);

    private static void AssertProblem(string key, string? problem)
    {
        Assert.NotNull(problem);
        Assert.StartsWith(key + " must be", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 200);
    }
}
