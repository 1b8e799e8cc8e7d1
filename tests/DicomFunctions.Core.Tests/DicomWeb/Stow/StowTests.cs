using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Stow;

public sealed class StowTests : IAsyncLifetime
{
    private readonly SkippingTimeProvider _clock = CoreHost.SkippingClock();
    private CoreHost _host = null!;

    private FakeDicomStore Server => _host.Server;

    private StowTransactionSeen[] Seen => [.. Server.Transactions];

    public async Task InitializeAsync() =>
        _host = await CoreHost.StartAsync(_clock, settings: [("DicomWeb:MaxAttempts", "3"), ("DicomWeb:MultipartMaxBytes", "100000")]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task StoreAsync_one_file_goes_raw_with_its_length()
    {
        var file = FakeInstance.Of("1.2.1", pixelBytes: 500);
        var outcome = Assert.Single(await StoreAsync(file));
        Assert.Equal((true, 200, 1), (outcome.Success, outcome.Status.Code, outcome.Attempts));
        Assert.Equal("http://x/instances/1.2.1", outcome.RetrieveUrl);
        Assert.Equal("/studies", Assert.Single(Server.Requests));
        var seen = Assert.Single(Seen);
        Assert.Equal("application/dicom", seen.ContentType);
        Assert.Equal(file.Bytes.Length, seen.ContentLength);
        Assert.Equal(file.Bytes, Assert.Single(seen.Files));
    }

    [Fact]
    public async Task StoreAsync_several_files_go_in_one_multipart_with_its_length()
    {
        var files = Enumerable.Range(0, 5).Select(i => FakeInstance.Of($"1.2.{i}", pixelBytes: 100 * i)).ToArray();
        var outcomes = await StoreAsync(files);
        Assert.All(outcomes, outcome => Assert.True(outcome.Success));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"http://x/instances/1.2.{i}"), outcomes.Select(outcome => outcome.RetrieveUrl!));
        var seen = Assert.Single(Seen);
        Assert.Matches("^multipart/related; type=\"application/dicom\"; boundary=[0-9a-f]{32}$", seen.ContentType);
        Assert.Equal(files.Select(file => file.Bytes), seen.Files);
        Assert.InRange(seen.ContentLength!.Value, files.Sum(file => file.Length!.Value) + 1, files.Sum(file => file.Length!.Value) + 1000);
    }

    [Fact]
    public async Task StoreAsync_none_sends_nothing()
    {
        Assert.Empty(await StoreAsync());
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task StoreAsync_files_of_one_UID_never_share_a_request_and_keep_their_order()
    {
        FakeInstance[] files =
        [
            FakeInstance.Of("1.2.1", pixel: 1), FakeInstance.Of("1.2.1", pixel: 2), FakeInstance.Of("1.2.2", pixel: 3),
            FakeInstance.Of("1.2.1", pixel: 4), FakeInstance.Of("1.2.2", pixel: 5), FakeInstance.Of("1.2.1", pixel: 1),
        ];
        var outcomes = await StoreAsync(files);
        Assert.Equal([true, false, true, false, false, true], outcomes.Select(outcome => outcome.Success));
        Assert.Equal(files[0].Bytes, Server.Stored["1.2.1"]);
        Assert.Equal(files[2].Bytes, Server.Stored["1.2.2"]);
        Assert.All(Seen, seen => Assert.Equal(seen.Files.Count, seen.Files.Select(Uid).Distinct().Count()));
        var conflict = outcomes[1];
        Assert.Equal(409, conflict.Status.Code);
        Assert.Equal("the store holds a different instance under these UIDs", conflict.Error!.Reason);
        Assert.Equal("already exists", conflict.Error.Message);
        Assert.Equal(0x0110, conflict.Error.FailureReason);
    }

    [Fact]
    public async Task StoreAsync_files_that_the_answer_could_not_tell_apart_never_share_a_request()
    {
        static FakeInstance Named(string dataSet, string fileMeta, string series = Some.SeriesUid) => new([
            .. Some.DicomPreamble, .. Some.DicomFileMeta(fileMeta, TransferSyntaxes.ExplicitLittleEndian),
            .. Some.DicomFile(series: series, instance: dataSet, hasPreamble: false, hasFileMeta: false)]);
        FakeInstance[] files =
        [
            Named("1.2.1", "1.2.1"), Named("1.2.2", "1.2.1"), Named("1.2.3", "1.2.2"), Named("1.2.1", "1.2.1", "5.6"),
            Named("1.2.4", "1.2.5"),
        ];
        await StoreAsync(files);
        foreach (var seen in Seen)
        {
            var names = seen.Files.Select(file => files.Single(each => each.Bytes.SequenceEqual(file)).Header)
                .SelectMany(header => new[] { header.SopInstanceUid, header.FileMetaSopInstanceUid }.OfType<string>()).ToList();
            Assert.Equal(names.Count, names.Distinct().Count());
        }

        Assert.Contains(Seen, seen => seen.Files.Count > 1);
        // Nor does any overtake another that shares a name with it.
        var sent = Seen.SelectMany(seen => seen.Files)
            .Select(file => Array.FindIndex(files, each => each.Bytes.SequenceEqual(file)))
            .ToList();
        foreach (var (first, second) in new[] { (0, 1), (1, 2), (0, 3), (1, 3) })
            Assert.InRange(sent.IndexOf(first), 0, sent.IndexOf(second));
    }

    [Fact]
    public async Task StoreAsync_stored_under_one_of_its_names_and_failed_under_the_other_has_failed()
    {
        var file = new FakeInstance([
            .. Some.DicomPreamble, .. Some.DicomFileMeta("9.9", TransferSyntaxes.ExplicitLittleEndian),
            .. Some.DicomFile(instance: "1.2.1", hasPreamble: false, hasFileMeta: false)]);
        foreach (var (stored, failed) in new[] { ("1.2.1", "9.9"), ("9.9", "1.2.1") })
        {
            Server.OnStow = (context, _) => Answer(
                context, StowAnswer.Of([StowAnswer.Stored(stored)], [StowAnswer.Failed(failed, 0x0110)]), 200);
            Assert.False(Assert.Single(await StoreAsync(file)).Success);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"00081190\":{\"vr\":\"UR\",\"Value\":[\"http://x\"]}}")]
    [InlineData("{\"00081199\":{\"vr\":\"SQ\",\"Value\":[[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2.1\"]}}]]}}")]
    [InlineData("{\"0008119A\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2.1\"]}}]}}")]
    [InlineData("{\"00081199\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2.1\"]}}]}} and more")]
    [InlineData(
        "[{\"00081199\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.1\"]}}]}},"
        + "{\"00081198\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.1\"]}}]}}]")]
    [InlineData("{\"a\":{\"00081199\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.1\"]}}]}}}")]
    [InlineData(
        "<NativeDicomModel><DicomAttribute tag='00081199' vr='SQ'><Item><DicomAttribute tag='00081155' vr='UI'><Value>1.2.1</Value>")]
    [InlineData(
        "<!DOCTYPE x [<!ENTITY u '1.2.1'>]><NativeDicomModel><DicomAttribute tag='00081199'><Item><DicomAttribute "
        + "tag='00081155'><Value>&u;</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel>")]
    [InlineData(
        "<html><DicomAttribute tag='00081199'><Item><DicomAttribute "
        + "tag='00081155'><Value>1.2.1</Value></DicomAttribute></Item></DicomAttribute></html>")]
    public async Task StoreAsync_200_with_what_proves_nothing_is_a_failure(string body)
    {
        Server.OnStow = (context, _) => Answer(context, body, 200);
        Assert.False(Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1"))).Success);
    }

    [Fact]
    public async Task StoreAsync_204_is_unconfirmed()
    {
        Server.OnStow = (context, _) =>
        {
            context.Response.StatusCode = 204;
            return Task.FromResult(true);
        };
        var outcome = Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1")));
        Assert.Equal((false, "unconfirmed"), (outcome.Success, outcome.Error!.Code));
        Assert.Contains("answered 204", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreAsync_limits_of_count_and_bytes_split_the_requests()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("DicomWeb:MultipartMaxInstances", "3"), ("DicomWeb:MultipartMaxBytes", "10000")]);
        FakeInstance[] files =
        [
            .. Enumerable.Range(0, 4).Select(i => FakeInstance.Of($"1.2.{i}")),
            FakeInstance.Of("1.2.4", pixelBytes: 20_000),
            FakeInstance.Of("1.2.5", pixelBytes: 6_000), FakeInstance.Of("1.2.6", pixelBytes: 6_000),
        ];
        var outcomes = await host.Client.StoreAsync(CoreHost.Store, files, CancellationToken.None);
        Assert.All(outcomes, outcome => Assert.True(outcome.Success));
        Assert.Equal([3, 1, 1, 1, 1], host.Server.Transactions.Select(seen => seen.Files.Count));
        Assert.Equal("application/dicom", host.Server.Transactions.ElementAt(2).ContentType);
    }

    [Fact]
    public async Task StoreAsync_a_file_without_a_UID_goes_alone()
    {
        var outcomes = await StoreAsync(FakeInstance.Of("1.2.1"), FakeInstance.Of(null), FakeInstance.Of("1.2.3"));
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.Success));
        Assert.Equal("cannot understand", outcomes[1].Error!.Reason);
    }

    [Fact]
    public async Task StoreAsync_what_an_answer_does_not_list_is_sent_again_alone()
    {
        Server.OnStow = async (context, seen) =>
        {
            if (!seen.IsMultipart)
                return false;
            await FakeDicomStore.JsonAsync(context, StowAnswer.Of([StowAnswer.Stored("1.2.0")], [StowAnswer.Failed(null, 0xC000)]), 409);
            return true;
        };
        var files = Enumerable.Range(0, 3).Select(i => FakeInstance.Of($"1.2.{i}")).ToArray();
        var outcomes = await StoreAsync(files);
        Assert.All(outcomes, outcome => Assert.True(outcome.Success));
        Assert.Equal([1, 2, 2], outcomes.Select(outcome => outcome.Attempts));
        Assert.Equal([3, 1, 1], Seen.Select(seen => seen.Files.Count));
        Assert.Equal(files[1].Bytes, Seen[1].Files[0]);
    }

    [Fact]
    public async Task StoreAsync_Orthancs_400_with_the_good_parts_listed_counts_them_as_stored()
    {
        Server.OnStow = async (context, seen) =>
        {
            if (!seen.IsMultipart)
                return await Answer(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 0xC122)]), 409);
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(StowAnswer.Of([StowAnswer.Stored("1.2.0"), StowAnswer.Stored("1.2.2")], []));
            return true;
        };
        var outcomes = await StoreAsync([.. Enumerable.Range(0, 3).Select(i => FakeInstance.Of($"1.2.{i}"))]);
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.Success));
        Assert.Equal("transfer syntax not supported", outcomes[1].Error!.Reason);
    }

    [Fact]
    public async Task StoreAsync_200_with_nothing_listed_is_a_failure()
    {
        foreach (var body
            in new[] { StowAnswer.Of([], []), "{\"00081198\":{\"vr\":\"SQ\"},\"00081199\":{\"vr\":\"SQ\"}}", "", "{}", "<html/>" })
        {
            Server.OnStow = (context, _) => Answer(context, body, 200);
            foreach (var files in new[] { new[] { FakeInstance.Of("1.2.1") }, [FakeInstance.Of("1.2.1"), FakeInstance.Of("1.2.2")] })
            {
                Assert.All(await StoreAsync(files), outcome =>
                {
                    Assert.False(outcome.Success);
                    Assert.Contains("did not say it stored", outcome.Status.Text, StringComparison.Ordinal);
                    Assert.Equal(("unconfirmed", "the server did not confirm the instance"), (outcome.Error!.Code, outcome.Error.Reason));
                });
            }
        }
    }

    [Theory]
    [InlineData(0xA700, "out of resources", FailureCode.OutOfResources)]
    [InlineData(0xA9FF, "data set does not match SOP class", FailureCode.InvalidDataSet)]
    [InlineData(0xC000, "cannot understand", FailureCode.CannotUnderstand)]
    [InlineData(0xC122, "transfer syntax not supported", FailureCode.TransferSyntaxNotSupported)]
    [InlineData(0x0110, "processing failure", FailureCode.ServerError)]
    [InlineData(0x0122, "SOP class not supported", FailureCode.SopClassNotSupported)]
    [InlineData(45071, "the instance is being stored by another request", FailureCode.ServerError)]
    [InlineData(0x1234, "failure reason 1234H", FailureCode.Rejected)]
    public async Task StoreAsync_failure_reasons_are_said_in_words(int code, string words, string word)
    {
        foreach (var count in new[] { 1, 3 })
        {
            var files = Enumerable.Range(0, count).Select(i => FakeInstance.Of($"1.2.{i}")).ToArray();
            Server.OnStow = (context, seen) => Answer(
                context, StowAnswer.Of([], [.. seen.Files.Select(file => StowAnswer.Failed(Uid(file), code, "The detail."))]), 409);
            Assert.All(await StoreAsync(files), outcome =>
            {
                Assert.Equal((false, 409, code), (outcome.Success, outcome.Status.Code, outcome.Error!.FailureReason));
                Assert.Equal(word, outcome.FailureCode);
                Assert.Equal((words, "The detail."), (outcome.Error!.Reason, outcome.Error.Message));
            });
        }
    }

    [Theory]
    [InlineData(202)]
    [InlineData(200)]
    public async Task StoreAsync_failed_items_under_a_success_code_are_conflicts(int status)
    {
        Server.OnStow = (context, _) => Answer(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 0x0122)]), status);
        var outcome = Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1")));
        Assert.Equal((false, 409), (outcome.Success, outcome.Status.Code));
    }

    [Theory]
    [InlineData(0xB000)]
    [InlineData(0xB006)]
    [InlineData(0xB007)]
    public async Task StoreAsync_202_with_a_warning_is_stored(int warning)
    {
        Server.OnStow = (context, _) => Answer(context, StowAnswer.Of([StowAnswer.Stored("1.2.1", warning)], []), 202);
        var outcome = Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1")));
        Assert.True(outcome is { Success: true, AlreadyStored: false });
    }

    [Fact]
    public async Task StoreAsync_415_to_a_single_falls_back_to_multipart_and_remembers()
    {
        Server.OnStow = (context, seen) =>
        {
            context.Response.StatusCode = 415;
            return Task.FromResult(!seen.IsMultipart);
        };
        Assert.True(Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1"))).Success);
        Assert.Equal(["application/dicom", "multipart/related"], Seen.Select(seen => seen.ContentType.Split(';')[0]));
        Assert.True(Assert.Single(await StoreAsync(FakeInstance.Of("1.2.2"))).Success);
        Assert.Equal(3, Seen.Length);
    }

    [Fact]
    public async Task StoreAsync_415_to_two_singles_at_once_both_fall_back()
    {
        using var bothAreThere = new Barrier(2);
        Server.OnStow = async (context, seen) =>
        {
            if (seen.IsMultipart)
                return false;
            await Task.Run(() => bothAreThere.SignalAndWait(TimeSpan.FromSeconds(30)));
            context.Response.StatusCode = 415;
            return true;
        };
        var outcomes = await Task.WhenAll(StoreAsync(FakeInstance.Of("1.2.1")), StoreAsync(FakeInstance.Of("1.2.2")));
        Assert.All(outcomes, outcome => Assert.True(Assert.Single(outcome).Success));
    }

    [Fact]
    public async Task StoreAsync_415_to_both_is_a_failure()
    {
        Server.OnStow = (context, _) => Answer(context, "", 415);
        var outcome = Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1")));
        Assert.Equal((false, 415, 2), (outcome.Success, outcome.Status.Code, outcome.Attempts));
        Assert.Equal("the server does not accept this kind of upload", outcome.Error!.Reason);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task StoreAsync_a_server_in_trouble_gets_the_whole_request_again(int status)
    {
        var times = 0;
        Server.OnStow = (context, _) => ++times < 3 ? Answer(context, "", status) : Task.FromResult(false);
        var files = Enumerable.Range(0, 3).Select(i => FakeInstance.Of($"1.2.{i}")).ToArray();
        Assert.All(await StoreAsync(files), outcome => Assert.Equal((true, 3), (outcome.Success, outcome.Attempts)));
        Assert.All(Seen, seen => Assert.Equal(files.Select(file => file.Bytes), seen.Files));
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(403, 1)]
    [InlineData(404, 1)]
    public async Task StoreAsync_a_failure_of_all_is_not_repeated_for_each(int status, int requests)
    {
        Server.OnStow = (context, _) => Answer(context, "{\"error\":{\"message\":\"Not now.\"}}", status);
        Assert.All(await StoreAsync(FakeInstance.Of("1.2.1"), FakeInstance.Of("1.2.2")), outcome =>
        {
            Assert.Equal((false, status, requests), (outcome.Success, outcome.Status.Code, outcome.Attempts));
            Assert.Equal("Not now.", outcome.Error!.Message);
        });
        Assert.Equal(requests, Server.Requests.Count);
    }

    [Theory]
    [InlineData(413)]
    [InlineData(400)]
    [InlineData(415)]
    public async Task StoreAsync_a_request_the_server_cannot_take_whole_is_sent_one_by_one(int status)
    {
        Server.OnStow = (context, seen) => seen.IsMultipart ? Answer(context, "", status) : Task.FromResult(false);
        Assert.All(await StoreAsync(FakeInstance.Of("1.2.1"), FakeInstance.Of("1.2.2")), outcome => Assert.True(outcome.Success));
        Assert.Equal([2, 1, 1], Seen.Select(seen => seen.Files.Count));
    }

    [Fact]
    public async Task StoreAsync_out_of_resources_is_tried_again()
    {
        var times = 0;
        Server.OnStow = (context, _) => ++times < 2
            ? Answer(context, StowAnswer.Of([], [StowAnswer.Failed("1.2.1", 0xA700)]), 409)
            : Task.FromResult(false);
        var outcome = Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1")));
        Assert.Equal((true, 2), (outcome.Success, outcome.Attempts));
    }

    [Fact]
    public async Task StoreAsync_a_source_that_fails_midway_fails_alone_and_stores_nothing()
    {
        FakeInstance bad = new(Some.DicomFile(instance: "1.2.1", pixelBytes: 2000))
        {
            Failure = new StowSourceException(FailureCode.Changed, "The source changed."),
        };
        var outcome = Assert.Single(await StoreAsync(bad));
        Assert.Equal((false, "The source changed.", 1), (outcome.Success, outcome.Status.Text, outcome.Attempts));
        Assert.Empty(Server.Stored);

        var outcomes = await StoreAsync(FakeInstance.Of("1.2.0"), bad, FakeInstance.Of("1.2.2"));
        Assert.Equal([true, false, true], outcomes.Select(each => each.Success));
        Assert.Equal("The source changed.", outcomes[1].Status.Text);
        Assert.Equal(["1.2.0", "1.2.2"], Server.Stored.Keys.Order());
    }

    [Fact]
    public async Task StoreAsync_throws_when_the_object_store_breaks_midway()
    {
        FakeInstance bad = new(Some.DicomFile(instance: "1.2.1")) { Failure = new ObjectStoreException("gone") };
        await Assert.ThrowsAsync<ObjectStoreException>(() => StoreAsync(bad));
        await Assert.ThrowsAsync<ObjectStoreException>(() => StoreAsync(FakeInstance.Of("1.2.0"), bad));
        Assert.Empty(Server.Stored);
    }

    [Fact]
    public async Task StoreAsync_a_dropped_connection_is_tried_again()
    {
        var times = 0;
        Server.OnStow = (context, _) =>
        {
            if (++times > 1)
                return Task.FromResult(false);
            context.Abort();
            return Task.FromResult(true);
        };
        Assert.True(Assert.Single(await StoreAsync(FakeInstance.Of("1.2.1"))).Success);
        Assert.Equal(2, Seen.Length);
    }

    [Fact]
    public async Task StoreAsync_a_connection_refused_is_a_text_for_each()
    {
        await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:BaseUrl", "http://127.0.0.1:1/v1"));
        var outcomes = await host.Client.StoreAsync(
            CoreHost.Store, [FakeInstance.Of("1.2.1"), FakeInstance.Of("1.2.2")], CancellationToken.None);
        Assert.All(outcomes, outcome => Assert.Equal("The server refused the connection.", outcome.Status.Text));
        Assert.All(outcomes, outcome => Assert.Equal("The server refused the connection.", outcome.Error!.Reason));
    }

    private static string Uid(byte[] file) => Core.Dicom.Part10Header.Read(file, isWhole: true).Header!.SopInstanceUid!;

    private static async Task<bool> Answer(HttpContext context, string body, int status)
    {
        await FakeDicomStore.JsonAsync(context, body, status);
        return true;
    }

    private Task<IReadOnlyList<StowOutcome>> StoreAsync(params FakeInstance[] files) =>
        _host.Client.StoreAsync(CoreHost.Store, files, CancellationToken.None);
}
