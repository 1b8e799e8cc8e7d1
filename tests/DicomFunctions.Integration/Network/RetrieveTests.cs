using System.Text.Json;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>Retrievals from a server that answers badly, over connections that break.</summary>
public sealed class RetrieveTests
{
    private const int Count = 12;

    private static readonly (string, string)[] Settings = [("DicomWeb:MaxAttempts", "3"), ("DicomWeb:RetryDelay", "00:00:00.001")];

    private static readonly RetrieveRequest Study = new() { Store = OrthancServer.Store, StudyUid = ToxicFile.Study };

    private readonly List<ToxicFile> _files = ToxicFile.Many(Count, pixelBytes: 20_000);

    /// <summary>Where the first connection breaks: a part is some 21,000 bytes, a data set about 1,500.</summary>
    public static TheoryData<int> Places => [0, 100, 1_000, 10_000, 30_000, 200_000];

    [Theory]
    [InlineData(null, Count)]
    [InlineData(ToxicFile.Series, Count)]
    [InlineData(ToxicFile.Series, 1)]
    public async Task A_study_a_series_or_an_instance_comes_byte_for_byte(string? series, int count)
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store);
        var request = Study with { SeriesUid = series, SopInstanceUid = count == 1 ? _files[0].Instance : null };
        var (instances, files) = await InstancesAsync(host, request);
        Assert.True(instances is { Success: true, Status.Code: 200, Attempts: 1 }, instances.ToString());
        Assert.Equal(_files.Take(count).Select(file => file.Content), files.Files);
        var (metadata, rows) = await MetadataAsync(host, request);
        Assert.True(metadata is { Success: true, Status.Code: 200, Attempts: 1 }, metadata.ToString());
        Assert.Equal(_files.Take(count).Select(file => file.Instance), Instances(rows));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task What_breaks_off_with_its_connection_is_asked_for_again_and_comes(int place)
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var uploading = await StartAsync(store);
        await using var broken = new ToxicProxy(
            new Uri(store.BaseUrl), connection => connection == 0 ? Toxic.ResetInAnswer(place) : Toxic.None);
        await using var host = new PeerHost(new Uri(broken.Address, "v1").ToString(), Settings);
        var (instances, files) = await InstancesAsync(host, Study);
        Assert.True(instances is { Success: true, Attempts: 2 }, instances.ToString());
        Assert.Equal(_files.Select(file => file.Content), files.Files.TakeLast(Count));
        Assert.All(files.Files, file => Assert.Contains(_files, expected => expected.Content.AsSpan().SequenceEqual(file)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public async Task Metadata_that_breaks_off_with_its_connection_comes_once(int place)
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var uploading = await StartAsync(store);
        await using var broken = new ToxicProxy(
            new Uri(store.BaseUrl), connection => connection == 0 ? Toxic.ResetInAnswer(place) : Toxic.None);
        await using var host = new PeerHost(new Uri(broken.Address, "v1").ToString(), Settings);
        var (metadata, rows) = await MetadataAsync(host, Study);
        Assert.True(metadata is { Success: true, Attempts: 2 }, metadata.ToString());
        Assert.Equal(_files.Select(file => file.Instance), Instances(rows));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(Count - 1)]
    [InlineData(Count)]
    public async Task An_answer_without_its_closing_delimiter_is_not_whole(int parts)
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store, new FaultOptions { EndAfterParts = parts });
        var (outcome, files) = await InstancesAsync(host, Study);
        Assert.True(outcome is { Success: false, Attempts: 3, Status.Text: "The answer broke off." }, outcome.ToString());
        Assert.Equal(parts > 0, outcome.Partial);
        // Of a part that no delimiter follows, nobody knows that it is whole.
        var whole = Math.Min(parts, Count - 1);
        Assert.Equal(_files.Take(whole).Select(file => file.Content), files.Files.Take(whole));
        Assert.Equal(3 * whole, files.Files.Count);
    }

    [Fact]
    public async Task Metadata_that_is_repeated_and_reordered_comes_once_and_without_what_was_not_asked_for()
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store, new FaultOptions { RepeatInstances = 5, ReverseInstances = true });
        var (outcome, rows) = await MetadataAsync(host, Study);
        Assert.True(outcome.Success, outcome.ToString());
        Assert.Equal(_files.Select(file => file.Instance).Reverse(), Instances(rows));

        await host.UploadAsync([("other.dcm", Some.DicomFile("2.25.8", "2.25.8.1", "2.25.8.1.1"))]);
        store.SetFaults(new FaultOptions { AddInstance = true });
        (outcome, rows) = await MetadataAsync(host, Study);
        Assert.True(outcome is { Success: false, Partial: true }, outcome.ToString());
        Assert.Equal(
            "A data set of the answer has another StudyInstanceUID than the one asked for and was left out.", outcome.Status.Text);
        Assert.Equal(_files.Select(file => file.Instance), Instances(rows));
    }

    [Fact]
    public async Task Partial_content_is_a_failure_with_what_came()
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store, new FaultOptions { PartialContent = true });
        var (instances, files) = await InstancesAsync(host, Study);
        Assert.True(instances is { Success: false, Partial: true, Status.Code: 206, Attempts: 1 }, instances.ToString());
        Assert.Equal(Count, files.Files.Count);
        var (metadata, rows) = await MetadataAsync(host, Study);
        Assert.True(metadata is { Success: false, Partial: true, Status.Code: 206, Attempts: 1 }, metadata.ToString());
        Assert.Equal(Count, rows.Rows.Count);
    }

    [Fact]
    public async Task Instances_that_are_all_left_out_are_nothing_to_give()
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store, new FaultOptions { OmitInstances = Count });
        Assert.True((await InstancesAsync(host, Study)).Outcome is { Success: true, Status.Code: 204 });
        Assert.True((await MetadataAsync(host, Study)).Outcome is { Success: true, Status.Code: 204 });
    }

    [Fact]
    public async Task A_study_that_is_not_there_and_a_transfer_syntax_that_cannot_be_given_are_told()
    {
        await using var store = await ToxicStore.StartAsync(Toxic.None);
        await using var host = await StartAsync(store);
        foreach (var outcome in new[]
        {
            (await InstancesAsync(host, Study with { StudyUid = "1.9" })).Outcome,
            (await MetadataAsync(host, Study with { StudyUid = "1.9" })).Outcome,
        })
        {
            Assert.True(outcome is { Success: false, Status.Code: 404, Attempts: 1, Error.Message.Length: > 0 }, outcome.ToString());
        }

        var (jpeg, _) = await InstancesAsync(host, Study with { TransferSyntax = TransferSyntaxes.JpegBaseline });
        Assert.True(jpeg is { Success: false, Status.Code: 406, Attempts: 1 }, jpeg.ToString());
        Assert.Contains(TransferSyntaxes.JpegBaseline, jpeg.Error!.Message, StringComparison.Ordinal);
        Assert.True((await InstancesAsync(host, Study with { TransferSyntax = TransferSyntaxes.ExplicitLittleEndian })).Outcome.Success);
    }

    [OrthancFact]
    public async Task Orthanc_gives_instances_and_metadata_of_a_study_a_series_and_an_instance()
    {
        await using var orthanc = await OrthancServer.StartAsync();
        await using var host = new PeerHost(orthanc.BaseUrl);
        Assert.All(await host.UploadAsync(_files.Select(file => (file.Name, file.Content))), record => Assert.True(record.IsSuccess()));
        var series = Study with { SeriesUid = ToxicFile.Series };
        var instance = series with { SopInstanceUid = _files[0].Instance };
        foreach (var (request, count) in new[] { (Study, Count), (series, Count), (instance, 1) })
        {
            var (instances, files) = await InstancesAsync(host, request);
            Assert.True(instances is { Success: true, Status.Code: 200 }, instances.ToString());
            Assert.Equal(count, files.Files.Count);
            Assert.All(files.Files, file => Assert.Contains(_files, expected => EndsAlike(expected.Content, file)));
            var (metadata, rows) = await MetadataAsync(host, request);
            Assert.True(metadata is { Success: true, Status.Code: 200 }, metadata.ToString());
            Assert.Equal(_files.Take(count).Select(file => file.Instance).Order(), Instances(rows).Order());
        }

        var (missing, _) = await InstancesAsync(host, Study with { StudyUid = "1.9" });
        Assert.True(missing is { Success: false, Status.Code: 404, Error.Message.Length: > 0 }, missing.ToString());

        // Orthanc may write a file meta of its own; the pixels tell the files apart.
        static bool EndsAlike(byte[] expected, byte[] file) => expected.AsSpan()[^20_000..].SequenceEqual(file.AsSpan()[^20_000..]);
    }

    private static IEnumerable<string> Instances(Retrieved retrieved) =>
        retrieved.Rows.Select(row => JsonElement.Parse(row).GetProperty("00080018").GetProperty("Value")[0].GetString()!);

    private static async Task<(RetrieveOutcome Outcome, Retrieved Retrieved)> InstancesAsync(PeerHost host, RetrieveRequest request)
    {
        var retrieved = new Retrieved();
        return (await host.Client.RetrieveInstancesAsync(request, retrieved, CancellationToken.None), retrieved);
    }

    private static async Task<(RetrieveOutcome Outcome, Retrieved Retrieved)> MetadataAsync(PeerHost host, RetrieveRequest request)
    {
        var retrieved = new Retrieved();
        return (await host.Client.RetrieveMetadataAsync(request, retrieved, CancellationToken.None), retrieved);
    }

    private async Task<PeerHost> StartAsync(ToxicStore store, FaultOptions? faults = null)
    {
        var host = new PeerHost(store.BaseUrl, Settings);
        Assert.All(await host.UploadAsync(_files.Select(file => (file.Name, file.Content))), record => Assert.True(record.IsSuccess()));
        store.SetFaults(faults ?? new FaultOptions());
        return host;
    }
}
