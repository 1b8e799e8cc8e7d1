using System.Net;
using System.Net.Sockets;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.FileSystem;

public sealed class HostTroubleTests
{
    public static TheoryData<Exception, bool> Exceptions => new()
    {
        { new OutOfMemoryException(), true },
        { new InvalidOperationException("", new OutOfMemoryException()), true },
        { new AggregateException(new InvalidOperationException(), new OutOfMemoryException()), true },
        { new IOException("Too many open files", 24), true },
        { new IOException("Too many open files in system", 23), true },
        { new HttpRequestException("", new SocketException((int)SocketError.TooManyOpenSockets)), true },
        { new HttpRequestException("", new SocketException((int)SocketError.ConnectionRefused)), false },
        { new IOException("Input/output error", 5), false },
        { new InvalidOperationException(), false },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Is_distinguishes_the_hosts_trouble_from_an_inputs(Exception exception, bool expected) =>
        Assert.Equal(expected, HostTrouble.Is(exception));

    [Theory]
    [InlineData(JobKind.Search)]
    [InlineData(JobKind.Upload)]
    public async Task A_host_out_of_memory_tries_the_input_again_and_it_is_no_failed_record(object kind)
    {
        var client = new ExhaustedClient { Failures = 2 };
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(), services => services.AddSingleton<IDicomStoreClient>(client));
        host.Engine.MaxAttempts = 3;
        var input = kind is JobKind.Search ? CoreHost.SearchJson() : await host.PutDicomAsync("drop/incoming/a.dcm");

        var id = await host.RunJobAsync(new JobSubmission { Kind = (JobKind)kind, Destination = CoreHost.Store.ToString() }, input);

        Assert.True((bool)Assert.Single(await host.RecordsAsync(id))["success"]!);
        Assert.Equal(3, client.Calls);
    }

    [Fact]
    public async Task A_request_without_a_free_descriptor_is_sent_later_and_at_last_the_hosts_failure()
    {
        var handler = new ExhaustedHandler { Failures = 2 };
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(),
            services => services.AddSingleton(new HttpMessageInvoker(handler)),
            ("DicomWeb:MaxAttempts", "3"));
        var (outcome, _) = await host.SearchAsync(new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies });
        Assert.Equal((true, 3), (outcome.Success, outcome.Attempts));

        handler.Failures = 3;
        await Assert.ThrowsAsync<HttpRequestException>(
            () => host.SearchAsync(new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies }));
    }

    private sealed class ExhaustedClient : IDicomStoreClient
    {
        public int Failures { get; init; }

        public int Calls { get; private set; }

        public ValueTask<QidoOutcome> SearchAsync(QidoRequest request, IDicomJsonSink results, CancellationToken cancellationToken) =>
            ValueTask.FromResult(
                Next() ? new QidoOutcome { Success = true, Status = OutcomeStatus.Of(204) } : throw new OutOfMemoryException());

        public Task<IReadOnlyList<StowOutcome>> StoreAsync(
            DicomStorePath store, IReadOnlyList<StowInstance> instances, CancellationToken cancellationToken) =>
            Next()
                ? Task.FromResult<IReadOnlyList<StowOutcome>>(
                    [.. instances.Select(_ => new StowOutcome { Success = true, Status = OutcomeStatus.Of(200) })])
                : throw new InvalidOperationException("", new OutOfMemoryException());

        public ValueTask<RetrieveOutcome> RetrieveMetadataAsync(
            RetrieveRequest request, IDicomJsonSink results, CancellationToken cancellationToken) => Retrieve();

        public ValueTask<RetrieveOutcome> RetrieveInstancesAsync(
            RetrieveRequest request, IInstanceSink instances, CancellationToken cancellationToken) => Retrieve();

        public ValueTask<InstanceOpening> OpenInstanceAsync(RetrieveRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private ValueTask<RetrieveOutcome> Retrieve() => ValueTask.FromResult(
            Next() ? new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(204) } : throw new OutOfMemoryException());

        private bool Next() => ++Calls > Failures;
    }

    private sealed class ExhaustedHandler : HttpMessageHandler
    {
        public int Failures { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Failures-- > 0
                ? throw new HttpRequestException("", new SocketException((int)SocketError.TooManyOpenSockets))
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
    }
}
