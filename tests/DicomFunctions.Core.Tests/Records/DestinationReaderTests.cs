using System.Text;
using DicomFunctions.Core.Records;
using Xunit;

namespace DicomFunctions.Core.Tests.Records;

public sealed class DestinationReaderTests
{
    private const string Path = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Theory]
    [InlineData("\"" + Path + "\"")]
    [InlineData("""{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s"}""")]
    [InlineData("""{"other":{"project_id":"x"},"dicom_store_id":"s","dataset_id":"d","region":"l","project_\u0069d":"p"}""")]
    public void A_dict_and_a_path_name_the_same_store(string json)
    {
        Assert.True(DestinationReader.TryRead(Encoding.UTF8.GetBytes(json), out var store, out var problem), problem);
        Assert.Equal(Path, store.ToString());
    }

    [Theory]
    [InlineData("""{"region":"l","dataset_id":"d","dicom_store_id":"s"}""", "Must have project_id in the dict.")]
    [InlineData("""{"project_id":1,"dataset_id":"d"}""", "Must have region in the dict.")]
    [InlineData("""{"project_id":"p","region":"l","dicom_store_id":"s"}""", "Must have dataset_id in the dict.")]
    [InlineData("""{"project_id":"p","region":"l","dataset_id":"d"}""", "Must have dicom_store_id in the dict.")]
    public void The_first_missing_key_is_named_before_any_wrong_value(string json, string expected)
    {
        Assert.False(DestinationReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("""{"project_id":"p","region":null,"dataset_id":"d","dicom_store_id":"s"}""", "region")]
    [InlineData("""{"project_id":"p","region":"l","dataset_id":["d"],"dicom_store_id":"s"}""", "dataset_id")]
    [InlineData("""{"project_id":"","region":"l","dataset_id":"d","dicom_store_id":"s"}""", "project_id")]
    [InlineData("""{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"\ud800"}""", "dicom_store_id")]
    [InlineData("[]", "destination")]
    [InlineData("5", "destination")]
    public void A_value_that_is_not_usable_is_named_by_its_key(string json, string key)
    {
        Assert.False(DestinationReader.TryRead(Encoding.UTF8.GetBytes(json), out _, out var problem));
        Assert.StartsWith(key + " must be ", problem, StringComparison.Ordinal);
    }
}
