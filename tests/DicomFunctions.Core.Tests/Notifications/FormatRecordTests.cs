using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Notifications;
using Xunit;

namespace DicomFunctions.Core.Tests.Notifications;

public sealed class FormatRecordTests
{
    private const string Path =
        "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2/series/3.4/instances/5.6";

    private const string Result =
        """
        {"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s","search_type":"instances","params":{"StudyInstanceUID":"1.2",
        """ + """
        "SeriesInstanceUID":"3.4","SOPInstanceUID":"5.6"}}
        """;

    [Fact]
    public void A_path_becomes_the_search_for_its_instance() =>
        Assert.Equal((true, $$"""{"input":"{{Path}}","result":{{Result}},"success":true,"kind":"format"}"""), Convert($"\"{Path}\""));

    [Theory]
    [InlineData(null)]
    [InlineData("a FHIR store's")]
    public void Attributes_name_the_instance_where_the_data_does_not(string? data)
    {
        var json = new JsonObject
        {
            ["data"] = data is null ? null : System.Convert.ToBase64String(Encoding.UTF8.GetBytes(data)),
            ["attributes"] = new JsonObject
            {
                ["storeName"] = "projects/p/locations/l/datasets/d/dicomStores/s",
                ["studyInstanceUID"] = "1.2",
                ["seriesInstanceUID"] = "3.4",
                ["sopInstanceUID"] = "5.6",
            },
            ["messageId"] = "7",
        }.ToJsonString();

        Assert.Equal((true, $$"""{"input":{{json}},"result":{{Result}},"success":true,"kind":"format","message_id":"7"}"""), Convert(json));
    }

    [Theory]
    [InlineData("{}", "no_data")]
    [InlineData("5", "no_data")]
    [InlineData("\"projects/p\"", null)]
    [InlineData("""{"attributes":{"storeName":"projects/p/locations/l/datasets/d/dicomStores/s","studyInstanceUID":"1.2"}}""", "no_data")]
    public void What_names_no_instance_is_a_failure_with_a_code(string json, string? code)
    {
        var (isConverted, record) = Convert(json);

        Assert.False(isConverted);
        var node = JsonNode.Parse(record)!;
        Assert.Equal(("{}", false), (node["result"]!.ToJsonString(), (bool)node["success"]!));
        Assert.NotEmpty((string)node["error"]!["message"]!);
        var found = (string)node["error"]!["code"]!;
        Assert.Equal(code ?? found, found);
        Assert.NotEmpty(found);
    }

    private static (bool IsConverted, string Record) Convert(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        var isConverted = FormatRecord.Convert(output, Encoding.UTF8.GetBytes(json));
        return (isConverted, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
