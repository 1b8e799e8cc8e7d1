using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using DicomFunctions.App.Events;
using DicomFunctions.App.PubSub;
using DicomFunctions.App.Storage;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Emulator;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Azurite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Integration.Azurite;

/// <summary>
/// The function app as its worker runs it: its services, over a real Azurite, and its functions at their routes on a port of this
/// process. The real Durable SDK is its engine, over a store in memory; an emulator is the DICOM store, and Pub/Sub.
/// </summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private readonly IObjectStore? _objects;
    private readonly Dictionary<string, string?> _settings;
    private WebApplication _app = null!;
    private DurableHub _hub = null!;

    private FunctionHost(AzuriteBlobs azurite, IObjectStore? objects, DicomStoreEmulator emulator, (string Key, string Value)[] settings)
    {
        _objects = objects;
        Emulator = emulator;
        Blobs = new BlobServiceClient(azurite.ConnectionString);
        _settings = new()
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["DicomFunctions:Authorization:Mode"] = "None",
            ["DicomFunctions:DicomWeb:BaseUrl"] = $"{emulator.BaseAddress}v1",
            ["DicomFunctions:DicomWeb:RetryDelay"] = "00:00:00.020",
            ["DicomFunctions:Notifications:BaseUrl"] = emulator.BaseAddress.AbsoluteUri,
        };
        foreach (var (key, value) in settings)
            _settings["DicomFunctions:" + key] = value;
    }

    public DicomStoreEmulator Emulator { get; }

    public BlobServiceClient Blobs { get; }

    /// <summary>The clock of the app.</summary>
    public ShiftedClock Time { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts the app over an account without containers.</summary>
    public static Task<FunctionHost> StartAsync(AzuriteBlobs azurite, params (string Key, string Value)[] settings) =>
        StartAsync(azurite, objects: null, settings);

    /// <summary>Starts the app over an account without containers, or over another object store.</summary>
    public static async Task<FunctionHost> StartAsync(
        AzuriteBlobs azurite, IObjectStore? objects, params (string Key, string Value)[] settings)
    {
        var emulator = await DicomStoreEmulator.StartAsync(
            new EmulatorOptions { PubSubEmulatorHost = "", PullWait = TimeSpan.FromMilliseconds(50) });
        var host = new FunctionHost(azurite, objects, emulator, settings);
        await foreach (var container in host.Blobs.GetBlobContainersAsync())
            await host.Blobs.DeleteBlobContainerAsync(container.Name);
        await host.StartAppAsync();
        host._hub = await host.NewHubAsync();
        return host;
    }

    /// <summary>The process dies in mid-work, and another takes up what it left.</summary>
    public async Task KillAsync()
    {
        var dead = _app;
        await StartAppAsync();
        await _hub.RestartAsync();
        await dead.DisposeAsync();
    }

    /// <summary>The process dies, and with it all that the engine knew: what is left is in the containers.</summary>
    public async Task LoseHubAsync()
    {
        await _hub.DisposeAsync();
        _hub = await NewHubAsync();
        await KillAsync();
    }

    /// <summary>Runs a function with a timer, or with the event of a dropped blob.</summary>
    public Task RunAsync(string function, string blob = "drop/incoming/any") =>
        FunctionRoutes.RunAsync(function, _app.Services, _hub.Client, Blob(blob)).InTime();

    /// <summary>Rings the drop's bell as its timer does, and waits until the drop has ended.</summary>
    public async Task DropAsync()
    {
        await RunAsync("DropTimer");
        await Eventually.HoldsAsync(async () => !await IsActiveAsync("drop"), "the drop ends", TimeSpan.FromMinutes(2));
    }

    /// <summary>Whether the instance is under way.</summary>
    public async Task<bool> IsActiveAsync(string instance) =>
        (await _hub.Client.GetInstanceAsync(instance))?.RuntimeStatus is OrchestrationRuntimeStatus.Pending
            or OrchestrationRuntimeStatus.Running;

    /// <summary>Sends a request that must be answered with this status, and gives the body.</summary>
    public async Task<string> SendAsync(HttpMethod method, string path, HttpContent? body = null, int status = 200, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, "api/" + path) { Content = body };
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    /// <summary>Submits a job and gives its id.</summary>
    public async Task<string> SubmitAsync(string path, object body) =>
        JsonElement.Parse(await SendAsync(HttpMethod.Post, path, JsonContent.Create(body, options: JsonSerializerOptions.Default), 202))
            .GetProperty("id")
            .GetString()!;

    public async Task<JsonElement> JobAsync(string id) => JsonElement.Parse(await SendAsync(HttpMethod.Get, "jobs/" + id));

    public async Task<List<JsonElement>> JobsAsync() =>
        [.. JsonElement.Parse(await SendAsync(HttpMethod.Get, "jobs?limit=1000")).GetProperty("jobs").EnumerateArray()];

    /// <summary>Waits until a job is not under way any more, and gives its state.</summary>
    public async Task<string> EndAsync(string id)
    {
        var state = "";
        await Eventually.HoldsAsync(
            async () => (state = (await JobAsync(id)).GetProperty("state").GetString()!) is not ("pending" or "running" or "cancelling"),
            $"the job ends ({state})",
            TimeSpan.FromMinutes(2));
        return state;
    }

    /// <summary>A job's records, in order.</summary>
    public async Task<List<JsonElement>> RecordsAsync(string id, string query = "") =>
        Lines(await SendAsync(HttpMethod.Get, $"jobs/{id}/results{query}"));

    public static List<JsonElement> Lines(string ndjson) =>
        [.. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>Puts a blob; the first segment is the container.</summary>
    public async Task PutAsync(string name, byte[] content)
    {
        var blob = Blob(name);
        await Blobs.GetBlobContainerClient(blob.BlobContainerName).CreateIfNotExistsAsync();
        await blob.UploadAsync(BinaryData.FromBytes(content), overwrite: true);
    }

    public BlobClient Blob(string name) =>
        Blobs.GetBlobContainerClient(name[..name.IndexOf('/')]).GetBlobClient(name[(name.IndexOf('/') + 1)..]);

    public async Task<string> ReadAsync(string name) => Encoding.UTF8.GetString((await Blob(name).DownloadContentAsync()).Value.Content);

    /// <summary>Moves a blob as a storage tool does, by copying it.</summary>
    public async Task MoveAsync(string name, string target)
    {
        await Blob(target).SyncCopyFromUriAsync(Blob(name).GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1)));
        await Blob(name).DeleteAsync();
    }

    /// <summary>Every blob of a container, those of which there are only blocks included, by its full name.</summary>
    public async Task<List<string>> BlobsAsync(string container)
    {
        var client = Blobs.GetBlobContainerClient(container);
        if (!await client.ExistsAsync())
            return [];
        List<string> names = [];
        await foreach (var blob in client.GetBlobsAsync(new GetBlobsOptions { States = BlobStates.Uncommitted }))
            names.Add($"{container}/{blob.Name}");
        return names;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _app.DisposeAsync();
        Http.Dispose();
        await Emulator.DisposeAsync();
    }

    private async Task StartAppAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Configuration.AddInMemoryCollection(_settings);
        if (_objects is not null)
            builder.Services.AddSingleton(_objects);
        builder.Services.AddRouting().AddLogging().AddSingleton<TimeProvider>(Time)
            .AddBlobObjectStore().AddPubSub().AddEventGrid().AddDurableWorkflows().AddDicomFunctions();
        var app = builder.Build();
        app.MapFunctions(() => _hub.Client);
        await app.StartAsync();
        Http?.Dispose();
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(3) };
        _app = app;
    }

    private Task<DurableHub> NewHubAsync() => DurableHub.StartAsync(
        _app.Services.GetRequiredService<WorkflowCatalog>(),
        (name, context) =>
        {
            var functions = new OrchestratorFunctions(_app.Services);
            return name switch
            {
                "JobWorkflow" => functions.RunJobAsync(context),
                "EventsWorkflow" => functions.RunEventsAsync(context),
                _ => functions.RunDropAsync(context),
            };
        },
        (name, input, cancellationToken) => _app.Services.GetRequiredService<InvocationClient>().UseAsync(
            _hub.Client, () => _app.Services.GetRequiredService<ActivityRunner>().RunAsync(name, input, cancellationToken)));
}
