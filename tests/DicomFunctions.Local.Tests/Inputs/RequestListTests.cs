using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Inputs;

public sealed class RequestListTests : IDisposable
{
    private const string Ids = "\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\"";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"params":{"PatientID":"7"}}""", "{" + Ids + ""","search_type":"studies","params":{"PatientID":"7"}}""")]
    [InlineData("{}", "{" + Ids + ""","search_type":"studies"}""")]
    [InlineData("""{"search_type":"series"}""", "{" + Ids + ""","search_type":"series"}""")]
    [InlineData("""{"project_id":"q","search_type":"series"}""", """{"project_id":"q","search_type":"series"}""")]
    [InlineData("[ { \"a\":1 },\n 7 ]", "{" + Ids + ""","search_type":"studies", "a":1 }""", "7")]
    public async Task What_a_dict_lacks_is_added_and_the_rest_stays_as_it_is(string text, params string[] requests) =>
        Assert.Equal(requests, await ReadAsync(text));

    [Fact]
    public async Task Without_a_store_dicts_stay_as_they_are() =>
        Assert.Equal(
            ["""{"search_type":"series","params":{}}"""],
            await ReadAsync("""{"search_type":"series","params":{}}""", new RequestList(store: null, "search_type", "studies")));

    [Theory]
    [InlineData("PatientID,StudyDate\n7,20260101\n\"A^B, C\",\n")]
    [InlineData("\uFEFFPatientID;StudyDate\r\n7;20260101\r\nA^B, C;\r\n")]
    [InlineData("PatientID\tStudyDate\n7\t20260101\nA^B, C\t")]
    public async Task CSV_columns_are_query_parameters_and_empty_cells_are_left_out(string text) =>
        Assert.Equal(
            [
                "{" + Ids + ""","search_type":"studies","params":{"PatientID":"7","StudyDate":"20260101"}}""",
                "{" + Ids + ""","search_type":"studies","params":{"PatientID":"A^B, C"}}""",
            ],
            await ReadAsync(text));

    [Fact]
    public async Task CSV_columns_may_be_keys_of_the_dict_and_repeated_ones_are_arrays() =>
        Assert.Equal(
            [
                """{"project_id":"q","region":"r","dataset_id":"e","dicom_store_id":"t","search_type":"series","params":"""
                    + """{"includefield":["Rows","Columns"]}}""",
            ],
            await ReadAsync(
                "search_type,project_id,region,dataset_id,dicom_store_id,includefield,includefield\nseries,q,r,e,t,Rows,Columns",
                order: true));

    [Fact]
    public async Task Lines_with_paths_are_requests_to_retrieve() =>
        Assert.Equal(
            ["\"projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2\""],
            await ReadAsync(
                "projects/p/locations/l/datasets/d/dicomStores/s/dicomWeb/studies/1.2\n",
                new RequestList(store: null, "retrieve_type", "metadata")));

    [Theory]
    [InlineData("PatientID,StudyDate\n7\n", typeof(InputFormatException))]
    [InlineData("PatientID,\n7,8\n", typeof(CommandFailedException))]
    [InlineData("", typeof(CommandFailedException))]
    [InlineData("{\"requests\":[{}],\"max_workers\":3}", typeof(UsageException))]
    [InlineData("{\"a\":", typeof(InputFormatException))]
    public async Task A_list_that_is_not_understood_is_refused_whole(string text, Type exception) =>
        Assert.Equal(exception, (await Record.ExceptionAsync(() => ReadAsync(text)))?.GetType());

    private async Task<List<string>> ReadAsync(string text, RequestList? list = null, bool order = false)
    {
        Assert.True(DicomStorePath.TryParse("projects/p/locations/l/datasets/d/dicomStores/s", out var store));
        var file = _folder.Combine("list");
        await File.WriteAllTextAsync(file, text);
        list ??= new RequestList(store, "search_type", "studies");
        var requests = await list.ReadAsync(file, CancellationToken.None).ToListAsync();
        return [.. requests.Select(request => Encoding.UTF8.GetString(request.Span)).Select(request => order ? Ordered(request) : request)];
    }

    /// <summary>The keys of the store before the type, as a row may have them in any order.</summary>
    private static string Ordered(string request) => request.Replace("{\"search_type\":\"series\",", "{", StringComparison.Ordinal)
        .Replace(",\"params\"", ",\"search_type\":\"series\",\"params\"", StringComparison.Ordinal);
}
