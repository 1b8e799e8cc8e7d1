using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Network;

/// <summary>Answers that come a byte at a time and never end: given up when they do not get on.</summary>
public sealed class TricklingNetworkTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string OkHead = Ok + "Content-Type: application/dicom+json\r\nContent-Length: 100000\r\n\r\n";

    /// <summary>What comes first, and what comes then, again and again.</summary>
    public static TheoryData<string, string> Trickles => new()
    {
        { "", "H" },
        { Ok, "X: y\r\n" },
        { Ok + "X: ", "y" },
        { OkHead, " " },
        { OkHead + "[{\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}}", " " },
        { Ok + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n" },
        { "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Trickles))]
    public async Task An_answer_that_trickles_is_a_failure_that_says_so(string first, string next)
    {
        await using var store = await ToxicStore.StartAsync(_ => Trickling(first, next));
        await using var host = new PeerHost(store.BaseUrl, NetworkSettings.Impatient);
        var files = ToxicFile.Many(3);

        var searching = host.SearchAsync("instances", new { });
        var records = await host.UploadAsync(files);
        var found = await searching;

        Assert.Equal((false, NetworkSettings.TimedOut, NetworkSettings.MaxAttempts), (found.IsSuccess(), found.Status(), found.Attempts()));
        records.AssertAreOf(files);
        Assert.All(
            records, record => Assert.Equal(
                (false, NetworkSettings.TimedOut, NetworkSettings.MaxAttempts), (record.IsSuccess(), record.Status(), record.Attempts())));
    }

    [Fact]
    public async Task A_cancelled_job_ends_though_its_answers_trickle()
    {
        const int Inputs = 50;
        await using var store = await ToxicStore.StartAsync(_ => Trickling(OkHead + "[", " "));
        await using var host = new PeerHost(store.BaseUrl, NetworkSettings.Impatient);
        var id = await host.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search },
            Enumerable.Range(0, Inputs).Select(i => PeerHost.Request("studies", new { PatientID = $"{i}" })));
        await Eventually.HoldsAsync(() => store.Proxy.Connections > 0, "the job is under way");

        Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));

        var job = (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        Assert.Equal(JobStatus.Cancelled, job.State);
        var records = await host.RecordsAsync(id);
        Assert.Equal(Inputs, records.Count + job.Summary!.NotAttempted);
        Assert.InRange(records.Count, 0, 10);
        Assert.All(records, record => Assert.False(record.IsSuccess()));
    }

    private static Toxic Trickling(string first, string next) =>
        Toxic.Trickling(Encoding.ASCII.GetBytes(first), Encoding.ASCII.GetBytes(next), TimeSpan.FromMilliseconds(20));
}
