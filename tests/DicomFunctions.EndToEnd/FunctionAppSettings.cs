using System.Text.Json;

namespace DicomFunctions.EndToEnd;

/// <summary>The settings of the app under test, in the file that Core Tools reads.</summary>
internal static class FunctionAppSettings
{
    /// <summary>What one host may run at once.</summary>
    public const int MaxWorkers = 3;

    /// <summary>Where dropped files go, and whose notifications are pulled.</summary>
    public const string MainStore = "projects/local/locations/here/datasets/trial/dicomStores/main";

    private const string DurableTask = "AzureFunctionsJobHost__extensions__durableTask__";

    /// <summary>Writes <c>local.settings.json</c> into the folder of the published app.</summary>
    public static void Write(string folder, string storage, Uri emulator)
    {
        var values = new Dictionary<string, string>
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["AzureWebJobsStorage"] = storage,
            ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = $"{long.MaxValue}",
            ["AzureWebJobsDisableHomepage"] = "true",
            ["DropSchedule"] = "*/10 * * * * *",
            ["PubSubSchedule"] = "*/5 * * * * *",
            ["RetentionSchedule"] = "0 30 3 * * *",
            ["EventSchedule"] = "0 */5 * * * *",
            [DurableTask + "maxConcurrentActivityFunctions"] = $"{MaxWorkers}",
            // By default a message that died with its host is seen again after five minutes.
            [DurableTask + "storageProvider__controlQueueVisibilityTimeout"] = "00:01:00",
            [DurableTask + "storageProvider__workItemQueueVisibilityTimeout"] = "00:01:00",
            [DurableTask + "storageProvider__maxQueuePollingInterval"] = "00:00:01",
            ["DicomFunctions__Jobs__MaxWorkers"] = $"{MaxWorkers}",
            // Several legs, and with them several executions of one orchestration, in a job of 500.
            ["DicomFunctions__Jobs__LegTime"] = "00:00:05",
            ["DicomFunctions__Authorization__Mode"] = "None",
            ["DicomFunctions__DicomWeb__BaseUrl"] = $"{emulator}v1",
            ["DicomFunctions__Drop__Destination"] = MainStore,
            ["DicomFunctions__Drop__SettleTime"] = "00:00:01",
            ["DicomFunctions__Notifications__Subscription"] = "projects/local/subscriptions/main",
            ["DicomFunctions__Notifications__PullTimeout"] = "00:00:02",
            ["DicomFunctions__Notifications__RoundTime"] = "00:00:10",
        };

        // With Google's emulator named in the environment, both sides use that, and the app by gRPC.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PUBSUB_EMULATOR_HOST")))
            values["DicomFunctions__Notifications__BaseUrl"] = emulator.AbsoluteUri;
        File.WriteAllText(
            Path.Combine(folder, "local.settings.json"), JsonSerializer.Serialize(new { IsEncrypted = false, Values = values }));
    }
}
