using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Tests.Tables;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

public sealed class ResultTableTests : IAsyncLifetime
{
    private CoreHost _host = null!;
    private ApiServer _api = null!;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync();
        _api = await ApiServer.StartAsync(_host);
        _host.Server.Rows = FakeDicomStore.OneSeries(3);
    }

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("?format=csv", null, "text/csv; charset=utf-8; header=present", "csv")]
    [InlineData("", "text/csv", "text/csv; charset=utf-8; header=present", "csv")]
    [InlineData("?format=parquet", "application/json", "application/vnd.apache.parquet", "parquet")]
    [InlineData("", "application/json;q=0.5, application/vnd.apache.parquet", "application/vnd.apache.parquet", "parquet")]
    [InlineData("?format=ndjson", "text/csv", "application/x-ndjson", "ndjson")]
    [InlineData("?format=json", null, "application/json", "json")]
    [InlineData("", null, "application/x-ndjson", null)]
    public async Task Format_or_else_accept_decides_the_type_and_the_file_name(string query, string? accept, string type, string? extension)
    {
        var id = await RunAsync(CoreHost.SearchJson(), "{}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/jobs/{id}/results{query}");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await _api.Http.SendAsync(request);

        Assert.Equal((200, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(
            extension is null ? null : $"attachment; filename={id}.{extension}", answer.Content.Headers.ContentDisposition?.ToString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_table_has_the_rows_of_every_input()
    {
        var id = await RunAsync(CoreHost.SearchJson(), "{}", CoreHost.SearchJson(parameters: """{"SOPInstanceUID":"1.2.1"}"""));

        var (_, csv) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results?format=csv");
        Assert.Equal(
            [
                ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "input_index", "success", "status", "error"],
                ["1.1", "1.1.1", "1.2.0", "0", "true", "200", ""],
                ["1.1", "1.1.1", "1.2.1", "0", "true", "200", ""],
                ["1.1", "1.1.1", "1.2.2", "0", "true", "200", ""],
                ["", "", "", "1", "false", "Must have project_id in the dict.", """{"code":"invalid_request"}"""],
                ["1.1", "1.1.1", "1.2.1", "2", "true", "200", ""],
            ],
            RecordTable.Cells(csv));
        var (_, some) = await _api.SendAsync(
            HttpMethod.Get, $"/api/jobs/{id}/results?format=csv&success=false&columns=status,input_index&raw=true");
        Assert.Equal("status,input_index\r\nMust have project_id in the dict.,1\r\n", some);
        using var folder = new TempFolder();
        using var duckDb = new DuckDb();
        var file = folder.Combine("t.parquet");
        await File.WriteAllBytesAsync(file, await _api.Http.GetByteArrayAsync($"/api/jobs/{id}/results?format=parquet"));
        Assert.Equal(
            [["0", "3"], ["1", "0"], ["2", "1"]],
            duckDb.Texts($"SELECT input_index, count(SOPInstanceUID) FROM '{file}' GROUP BY 1 ORDER BY 1"));
    }

    [Theory]
    [InlineData("format=xlsx", "format", "format must be csv, parquet, ndjson or json.")]
    [InlineData("columns=PatientID", "columns", "columns is for csv and parquet only.")]
    [InlineData("format=json&columns=PatientID", "columns", "columns is for csv and parquet only.")]
    [InlineData("format=parquet&raw=true", "raw", "raw is for csv only.")]
    [InlineData("format=csv&raw=yes", "raw", "raw must be true or false.")]
    [InlineData("format=csv&columns=PatientID,PatientID", "columns", "Column 'PatientID' is given more than once.")]
    public async Task An_invalid_query_is_refused_and_names_its_key(string query, string key, string detail)
    {
        var (status, body) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/20261122-081653-k3f9x2/results?{query}");

        Assert.Equal((400, key, detail), (status, (string?)JsonNode.Parse(body)!["key"], (string?)JsonNode.Parse(body)!["detail"]));
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_404() =>
        Assert.Equal(404, (await _api.SendAsync(HttpMethod.Get, "/api/jobs/20261122-081653-k3f9x2/results?format=csv")).Status);

    [Fact]
    public async Task A_damaged_file_is_409_before_anything_is_sent()
    {
        var id = await RunAsync(CoreHost.SearchJson(), CoreHost.SearchJson());
        var part = new JobFiles(id).Part(0);
        var records = await _host.ReadTextAsync(part);
        await _host.PutAsync(part, System.Text.Encoding.UTF8.GetBytes(records[..^20]));

        var (status, body) = await _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results?format=csv");

        Assert.Equal(
            (409, "The job is damaged: results/00000.ndjson is damaged: record 2 of it is cut off."),
            (status, (string?)JsonNode.Parse(body)!["detail"]));
    }

    [Fact]
    public async Task A_file_that_fails_in_the_second_pass_breaks_the_connection()
    {
        var id = await RunAsync(CoreHost.SearchJson());
        var opened = 0;
        _host.Objects.Fault = (member, name) =>
            member == "OpenReadAsync" && name == new JobFiles(id).Part(0) && ++opened > 1 ? new ObjectStoreException("gone") : null;

        await Assert.ThrowsAsync<HttpRequestException>(() => _api.SendAsync(HttpMethod.Get, $"/api/jobs/{id}/results?format=parquet"));
        Assert.Equal(2, opened);
    }

    private Task<string> RunAsync(params string[] inputs) => _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, inputs);
}
