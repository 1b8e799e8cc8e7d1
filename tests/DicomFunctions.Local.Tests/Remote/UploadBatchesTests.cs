using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Sources;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Local.Remote;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Remote;

public sealed class UploadBatchesTests
{
    [Fact]
    public async Task Files_of_this_machine_and_sources_of_the_server_are_jobs_of_their_own_in_order()
    {
        using var folder = new TempFolder();
        for (var number = 0; number < UploadBatches.MostFiles + 1; number++)
            await File.WriteAllBytesAsync(folder.Combine($"{number}.dcm"), [1]);

        var batches = await UploadBatches.DivideAsync(
            new[] { "gs://b/1.dcm", "dicomweb:pacs/studies/1", folder.Path, "none.dcm", "file:/on/the/server.dcm" }
                .Select(source => new UploadInput(source)).ToAsyncEnumerable(),
            new LocalFiles(new FileFilter([], [])),
            CancellationToken.None).ToListAsync();

        Assert.Equal(
            [(false, 2), (true, UploadBatches.MostFiles), (true, 2), (false, 1)],
            batches.Select(batch => (batch.IsSent, batch.Inputs.Count)));
        Assert.Equal("file:/on/the/server.dcm", batches[^1].Inputs[0].Source);
    }

    [Fact]
    public void A_record_of_a_sent_file_has_its_name_and_nothing_else_changes() =>
        Assert.Equal(
            """{"source":"file:/a \"b\".dcm","success":false,"instance":{"source":"x"},"input":"file:/a \"b\".dcm","attempts":1}""" + "\n",
            Encoding.UTF8.GetString(SentRecords.Rename(
                """{"source":"jobs/1/bodies/0","success":false,"instance":{"source":"x"},"input":"jobs/1/bodies/0","attempts":1}"""u8,
                "file:/a \"b\".dcm").Span));

    [Fact]
    public async Task Records_are_given_to_the_files_that_the_server_names_whatever_was_not_sent_or_not_attempted()
    {
        UploadInput[] inputs = [.. "abcdef".Select(name => new UploadInput($"file:/{name}"))];
        var problems = new Dictionary<int, SourceProblem>
        {
            [1] = new(FailureCode.NotFound, "Gone."),
            [5] = new(FailureCode.Empty, "Empty."),
        };
        // Of the four that were sent (a, c, d, e), the server did not attempt the second and the third.
        var records = new[] { 0, 3 }.Select(number => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(
            $$"""{"source":"jobs/20261122/1/bodies/{{number:D5}}.dcm","success":true,"status":200}""")).ToAsyncEnumerable();

        var sources = await SentRecords.InOrderAsync(inputs, problems, records)
            .Select(record => JsonDocument.Parse(record).RootElement)
            .Select(record => (record.GetProperty("source").GetString(), record.GetProperty("success").GetBoolean())).ToListAsync();

        Assert.Equal([("file:/a", true), ("file:/b", false), ("file:/e", true), ("file:/f", false)], sources);
    }

    [Fact]
    public void A_file_that_was_not_sent_has_the_record_of_a_failure() =>
        Assert.Equal(
            """{"source":"file:/a","success":false,"status":"No such file.","input":"file:/a","error":"""
                + """{"code":"not_found","reason":"No such file."},"kind":"upload"}""" + "\n",
            Encoding.UTF8.GetString(SentRecords.Failed(
                new UploadInput("file:/a"), new SourceProblem(FailureCode.NotFound, "No such file.")).Span));
}
