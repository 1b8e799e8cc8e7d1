using System.Text;
using System.Text.Json;
using DicomFunctions.Core;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Integration.Peers;

/// <summary>Core in this process, against a DICOMweb server.</summary>
internal sealed class PeerHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TempFolder _folder = new();

    public PeerHost(string baseUrl, params (string Key, string Value)[] settings)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["DicomFunctions:DicomWeb:BaseUrl"] = baseUrl,
            ["DicomFunctions:DicomWeb:RetryDelay"] = "00:00:00.050",
            // Orthanc closes idle connections after half a second.
            ["DicomFunctions:DicomWeb:ConnectionIdleTimeout"] = "00:00:00.300",
            ["DicomFunctions:Authorization:Mode"] = "None",
        };
        foreach (var (key, value) in settings)
            configuration["DicomFunctions:" + key] = value;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build())
            .AddSingleton<IObjectStore>(new DirectoryObjectStore(_folder.Combine("store")))
            .AddSingleton<IWorkflowEngine>(
                provider => new InProcessEngine(provider.GetRequiredService<WorkflowCatalog>, TimeProvider.System))
            .AddLogging()
            .AddDicomFunctions()
            .BuildServiceProvider();
    }

    public IJobService Jobs => _services.GetRequiredService<IJobService>();

    public IDicomStoreClient Client => _services.GetRequiredService<IDicomStoreClient>();

    public INotificationPump Pump => _services.GetRequiredService<INotificationPump>();

    private IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    /// <summary>Uploads files and gives their records.</summary>
    public async Task<List<JsonElement>> UploadAsync(IEnumerable<(string Name, byte[] Content)> files)
    {
        List<string> inputs = [];
        foreach (var (name, content) in files)
        {
            using var stream = new MemoryStream(content);
            await Objects.PutAsync("drop/" + name, stream, PutCondition.Always, CancellationToken.None);
            inputs.Add($"\"drop/{name}\"");
        }

        return await RunAsync(new JobSubmission { Kind = JobKind.Upload, Destination = OrthancServer.Store.ToString() }, inputs);
    }

    /// <summary>Searches and gives the record.</summary>
    public async Task<JsonElement> SearchAsync(string type, object parameters) =>
        Assert.Single(await RunAsync(new JobSubmission { Kind = JobKind.Search }, [Request(type, parameters)]));

    /// <summary>A search request.</summary>
    public static string Request(string type, object parameters) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["project_id"] = OrthancServer.Store.ProjectId,
        ["region"] = OrthancServer.Store.Region,
        ["dataset_id"] = OrthancServer.Store.DatasetId,
        ["dicom_store_id"] = OrthancServer.Store.DicomStoreId,
        ["search_type"] = type,
        ["params"] = parameters,
    });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Runs a job to its end and gives its records.</summary>
    public async Task<List<JsonElement>> RunAsync(JobSubmission submission, IEnumerable<string> inputs)
    {
        var id = await SubmitAsync(submission, inputs);
        await Jobs.WaitAsync(id, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        return await RecordsAsync(id);
    }

    /// <summary>Starts a job.</summary>
    public Task<string> SubmitAsync(JobSubmission submission, IEnumerable<string> inputs) => Jobs.SubmitAsync(
        submission,
        inputs.Select(input => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(input)).ToAsyncEnumerable(),
        CancellationToken.None);

    /// <summary>A job's records, in order.</summary>
    public async Task<List<JsonElement>> RecordsAsync(string id)
    {
        using var copy = new MemoryStream();
        await Jobs.CopyResultsAsync(id, RecordFilter.All, asArray: false, copy, CancellationToken.None);
        return
        [
            .. Encoding.UTF8.GetString(copy.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonElement.Parse(line)),
        ];
    }
}
