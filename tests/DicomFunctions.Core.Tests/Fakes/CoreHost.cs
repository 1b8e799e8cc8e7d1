using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>All of Core over a folder, an engine in the process and a fake DICOM store.</summary>
internal sealed class CoreHost : IAsyncDisposable
{
    public static readonly DicomStorePath Store = new("p", "l", "d", "s");

    private readonly ServiceProvider _services;

    private CoreHost(ServiceProvider services, TempFolder folder, FaultyObjectStore objects, FakeDicomStore server)
    {
        _services = services;
        Folder = folder;
        Objects = objects;
        Server = server;
    }

    public TempFolder Folder { get; }

    public FaultyObjectStore Objects { get; }

    public FakeDicomStore Server { get; }

    public IServiceProvider Services => _services;

    public IDicomStoreClient Client => _services.GetRequiredService<IDicomStoreClient>();

    public IJobService Jobs => _services.GetRequiredService<IJobService>();

    public InProcessEngine Engine => (InProcessEngine)_services.GetRequiredService<IWorkflowEngine>();

    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="configure">Registrations that come first.</param>
    /// <param name="settings">Below <c>DicomFunctions:</c>.</param>
    public static async Task<CoreHost> StartAsync(
        TimeProvider? time = null, Action<IServiceCollection>? configure = null, params (string Key, string Value)[] settings)
    {
        var server = await FakeDicomStore.StartAsync();
        var folder = new TempFolder();
        var objects = new FaultyObjectStore(new DirectoryObjectStore(folder.Combine("store")));
        var configuration = new Dictionary<string, string?>
        {
            ["DicomFunctions:DicomWeb:BaseUrl"] = server.BaseUrl,
            ["DicomFunctions:DicomWeb:RetryDelay"] = "00:00:00",
            ["DicomFunctions:Authorization:Mode"] = nameof(AuthorizationMode.None),
        };
        foreach (var (key, value) in settings)
            configuration["DicomFunctions:" + key] = value;
        var services = new ServiceCollection();
        configure?.Invoke(services);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(new Random(1));
        services.AddSingleton<IObjectStore>(objects);
        services.AddSingleton<IWorkflowEngine>(
            provider => new InProcessEngine(provider.GetRequiredService<WorkflowCatalog>, provider.GetRequiredService<TimeProvider>()));
        services.AddLogging();
        services.AddDicomFunctions();
        return new CoreHost(services.BuildServiceProvider(), folder, objects, server);
    }

    /// <summary>A clock that skips the waits of retries and throttles, and never lets a request time out.</summary>
    public static SkippingTimeProvider SkippingClock() => new(TimeSpan.FromSeconds(70));

    /// <summary>A search request dict for <see cref="Store"/>.</summary>
    public static string SearchJson(string type = "instances", string? parameters = null) =>
        "{\"project_id\":\"p\",\"region\":\"l\",\"dataset_id\":\"d\",\"dicom_store_id\":\"s\",\"search_type\":\"" + type + "\""
        + (parameters is null ? "" : ",\"params\":" + parameters) + "}";

    /// <summary>Searches by the client alone.</summary>
    public async Task<(QidoOutcome Outcome, List<string> Rows)> SearchAsync(QidoRequest request)
    {
        var sink = new RowList();
        var outcome = await Client.SearchAsync(request, sink, CancellationToken.None);
        return (outcome, sink.Rows);
    }

    /// <summary>Runs a job of these inputs to its end.</summary>
    public async Task<string> RunJobAsync(JobSubmission submission, params IEnumerable<string> inputs)
    {
        var id = await Jobs.SubmitAsync(submission, Lines(inputs), CancellationToken.None);
        // Not by the job service, which looks again and again: a clock that skips waits would run away.
        await Engine.WaitAsync(id, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        return id;
    }

    /// <summary>Runs a search job and gives its records.</summary>
    public async Task<List<JsonNode>> SearchJobAsync(params IEnumerable<string> inputs) =>
        await RecordsAsync(await RunJobAsync(new JobSubmission { Kind = JobKind.Search }, inputs));

    /// <summary>Runs an upload job and gives its records.</summary>
    public async Task<List<JsonNode>> UploadJobAsync(params IEnumerable<string> sources) =>
        await RecordsAsync(await RunJobAsync(new JobSubmission { Kind = JobKind.Upload, Destination = Store.ToString() }, sources));

    public async Task<List<JsonNode>> RecordsAsync(string id, bool? success = null)
    {
        using var copy = new MemoryStream();
        await Jobs.CopyResultsAsync(id, new RecordFilter { Success = success }, asArray: false, copy, CancellationToken.None);
        return
        [
            .. Encoding.UTF8.GetString(copy.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!),
        ];
    }

    public async Task PutAsync(string name, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Objects.PutAsync(name, stream, PutCondition.Always, CancellationToken.None);
    }

    /// <summary>Puts a DICOM file and gives its reference as an input.</summary>
    public async Task<string> PutDicomAsync(string name, string? instance = null, int pixelBytes = 4, byte pixel = 0x40)
    {
        await PutAsync(name, Some.DicomFile(instance: instance ?? Some.InstanceUid, pixelBytes: pixelBytes, pixel: pixel));
        return $"\"{name}\"";
    }

    public async Task<List<string>> ListAsync(string prefix)
    {
        List<string> names = [];
        await foreach (var item in Objects.ListAsync(prefix, CancellationToken.None))
            names.Add(item.Name);
        return names;
    }

    public async Task<string> ReadTextAsync(string name)
    {
        await using var stream = await Objects.OpenReadAsync(name, ObjectRange.All, ifMatch: null, CancellationToken.None)
            ?? throw new FileNotFoundException(name);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Objects.IsDown = false;
        await Engine.WaitForAllAsync().InTime();
        await _services.DisposeAsync();
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(IEnumerable<string> inputs)
    {
        await Task.CompletedTask;
        foreach (var input in inputs)
            yield return Encoding.UTF8.GetBytes(input);
    }

    private sealed class RowList : IDicomJsonSink
    {
        public List<string> Rows { get; } = [];

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            Rows.Add(Encoding.UTF8.GetString(dataset.Span));
            return ValueTask.CompletedTask;
        }
    }
}
