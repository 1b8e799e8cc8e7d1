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
    [InlineData("projects/a/locations/b/datasets/données/dicomStores/Röntgen_٣")]
    [InlineData("projects/a/locations/b/datasets/画像-データ.1/dicomStores/𠮷𝟘Ⅷ½")]
    public void TryParse_what_ToString_writes_gives_it_back(string path)
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
    public void TryParse_another_shape_tells_the_shape(string path)
    {
        Assert.False(DicomStorePath.TryParse(path, out var store, out var problem));
        Assert.Null(store);
        Assert.Contains("projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE", problem, StringComparison.Ordinal);
    }

    public static TheoryData<string> HostileIds() =>
        [
            "", ".", "..", "../x", "a/b", "a%2fb", "a\0b", "a b", "a?b", "a#b", "a\\b", "a\nb", "e\u0301", "😀", "\u00A0", "\u200B",
            "\uFFFD", new string('a', 10_000),
        ];

    [Theory]
    [MemberData(nameof(HostileIds))]
    public void Problem_hostile_id_names_its_key_and_not_the_id(string id)
    {
        AssertProblem("project_id", DicomStorePath.Problem(id, "b", "c", "d"));
        AssertProblem("region", DicomStorePath.Problem("a", id, "c", "d"));
        AssertProblem("dataset_id", DicomStorePath.Problem("a", "b", id, "d"));
        AssertProblem("dicom_store_id", DicomStorePath.Problem("a", "b", "c", id));
        Assert.Throws<ArgumentException>(() => new DicomStorePath("a", "b", id, "d"));
        Assert.False(DicomStorePath.TryParse($"projects/a/locations/b/datasets/{id}/dicomStores/d", out _));
    }

    [Fact]
    public void Problem_half_of_a_surrogate_pair_is_a_problem()
    {
        foreach (var id in new[] { "\uD842", "a\uDFB7", "\uDFB7\uD842", "\uD842a" })
            AssertProblem("dataset_id", DicomStorePath.Problem("a", "b", id, "d"));
    }

    [Fact]
    public void Problem_null_is_a_problem() => AssertProblem("region", DicomStorePath.Problem("a", null, "c", "d"));

    [Theory]
    [InlineData(128, 64, 256, 256, true)]
    [InlineData(129, 64, 256, 256, false)]
    [InlineData(128, 65, 256, 256, false)]
    [InlineData(128, 64, 257, 256, false)]
    [InlineData(128, 64, 256, 257, false)]
    [InlineData(0, 1, 1, 1, false)]
    public void Problem_lengths_end_where_the_texts_say(int project, int region, int dataset, int store, bool isValid) =>
        Assert.Equal(isValid, DicomStorePath.Problem(
            new string('a', project), new string('a', region), new string('a', dataset), new string('a', store)) is null);

    [Fact]
    public void Problem_ids_in_other_scripts_are_for_datasets_and_stores_alone()
    {
        Assert.Null(DicomStorePath.Problem("a", "b", "é", "é"));
        AssertProblem("project_id", DicomStorePath.Problem("é", "b", "c", "d"));
        AssertProblem("region", DicomStorePath.Problem("a", "é", "c", "d"));
    }

    /// <summary>One of them is two UTF-16 units.</summary>
    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Problem_length_counts_code_points(int count, bool isValid)
    {
        var id = string.Concat(Enumerable.Repeat("𠮷", count));
        Assert.Equal(isValid, DicomStorePath.Problem("a", "b", id, id) is null);
    }

    [Fact]
    public void TryParse_an_id_is_not_normalized()
    {
        // U+212B and U+00C5 look alike, and a normalization makes them one.
        Assert.True(DicomStorePath.TryParse("projects/a/locations/b/datasets/\u212B/dicomStores/\u00C5", out var store));
        Assert.Equal(("\u212B", "\u00C5"), (store.DatasetId, store.DicomStoreId));
        Assert.Equal("projects/a/locations/b/datasets/%E2%84%AB/dicomStores/%C3%85", store.ToUriPath());
    }

    [Theory]
    [InlineData("projects/example.com:p-1/locations/europe-west4/datasets/a.b/dicomStores/..c")]
    [InlineData("projects/PROJECT_ID/locations/LOCATION/datasets/DATASET_ID/dicomStores/DICOM-STORE.ID")]
    public void ToUriPath_of_ASCII_is_the_path_itself(string path)
    {
        Assert.True(DicomStorePath.TryParse(path, out var store));
        Assert.Equal(path, store.ToUriPath());
    }

    [Theory]
    [InlineData("projects/-/locations/b/datasets/c/dicomStores/d", "The project must be")]
    [InlineData("projects/a/locations/b c/datasets/c/dicomStores/d", "The location must be")]
    [InlineData("projects/a/locations/b/datasets/../dicomStores/d", "The dataset must be")]
    [InlineData("projects/a/locations/b/datasets/c/dicomStores/%2F", "The store must be")]
    public void TryParse_an_id_that_is_not_valid_names_the_part(string path, string message)
    {
        Assert.False(DicomStorePath.TryParse(path, out _, out var problem));
        Assert.StartsWith(message, problem, StringComparison.Ordinal);
    }

    private static void AssertProblem(string key, string? problem)
    {
        Assert.NotNull(problem);
        Assert.StartsWith(key + " must be", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 200);
    }
}
