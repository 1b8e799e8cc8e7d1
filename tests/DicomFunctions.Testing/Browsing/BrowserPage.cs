using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace DicomFunctions.Testing.Browsing;

/// <summary>A page in the browser, with what went wrong in it and what it asked for.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private const int Height = 900;

    private readonly DevTools _tools;
    private readonly string _context;
    private readonly string _session;
    private readonly ConcurrentDictionary<string, string> _inFlight = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private BrowserPage(DevTools tools, string context, string session)
    {
        _tools = tools;
        _context = context;
        _session = session;
        tools.Listen(session, Hear);
    }

    /// <summary>
    /// Exceptions, what the content security policy stopped, and other errors of the page; not answers with an error status.
    /// </summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>The requests to the API, as method and address, without those for the dashboard's own files.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The most of these requests that were in flight at one time.</summary>
    public int MostInFlight { get; private set; }

    internal static async Task<BrowserPage> OpenAsync(DevTools tools, Uri address, int width, bool isDark)
    {
        var context = (string)(await tools.SendAsync("Target.createBrowserContext"))["browserContextId"]!;
        var target = await tools.SendAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["browserContextId"] = context });
        var attached = await tools.SendAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        var page = new BrowserPage(tools, context, (string)attached["sessionId"]!);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await page.SendAsync($"{domain}.enable");
        await page.SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = Height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        await page.SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(
                Feature("prefers-color-scheme", isDark ? "dark" : "light"), Feature("prefers-reduced-motion", "reduce")),
        });
        await page.SendAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
        return page;

        static JsonObject Feature(string name, string value) => new() { ["name"] = name, ["value"] = value };
    }

    /// <summary>The value of a script, once it is settled.</summary>
    public async Task<JsonNode?> EvaluateAsync(string script)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = script,
            ["awaitPromise"] = true,
            ["returnByValue"] = true,
            ["userGesture"] = true,
        });
        return answer["exceptionDetails"] is { } details
            ? throw new InvalidOperationException($"{details["exception"]?["description"] ?? details["text"]}")
            : answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Waits until an expression is true.</summary>
    public Task HoldsAsync(string condition) =>
        Eventually.HoldsAsync(async () => (bool?)await EvaluateAsync($"Boolean({condition})") == true, condition);

    /// <summary>The text of the first element of a selector.</summary>
    public async Task<string> TextAsync(string selector) =>
        (string?)await EvaluateAsync($"document.querySelector({JsonValue.Create(selector)!.ToJsonString()})?.innerText") ?? "";

    /// <summary>What axe-core finds, a line for each rule.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync()
    {
        var found = await EvaluateAsync(
            AxeCore.Script + ";axe.run().then(found => found.violations.map(rule =>"
            + " `${rule.id}: ${rule.nodes.map(node => `${node.target.join(' ')} (${node.any[0]?.message ?? rule.help})`).join('; ')}`))");
        return [.. found!.AsArray().Select(line => (string)line!)];
    }

    /// <summary>Takes a picture of the whole page.</summary>
    public async Task<byte[]> TakePictureAsync()
    {
        var size = (await SendAsync("Page.getLayoutMetrics"))["cssContentSize"]!;
        var picture = await SendAsync("Page.captureScreenshot", new JsonObject
        {
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject
            {
                ["x"] = 0,
                ["y"] = 0,
                ["width"] = (double)size["width"]!,
                ["height"] = Math.Min((double)size["height"]!, 6_000),
                ["scale"] = 1,
            },
        });
        return Convert.FromBase64String((string)picture["data"]!);
    }

    public async ValueTask DisposeAsync() =>
        await _tools.SendAsync("Target.disposeBrowserContext", new JsonObject { ["browserContextId"] = _context });

    private Task<JsonObject> SendAsync(string method, JsonObject? parameters = null) => _tools.SendAsync(method, parameters, _session);

    /// <summary>Called for one event after the other.</summary>
    private void Hear(string method, JsonObject told)
    {
        switch (method)
        {
            case "Network.requestWillBeSent" when IsOfApi((string)told["request"]!["url"]!):
                _requests.Enqueue($"{told["request"]!["method"]} {told["request"]!["url"]}");
                _inFlight[(string)told["requestId"]!] = "";
                MostInFlight = Math.Max(MostInFlight, _inFlight.Count);
                break;
            // The page can have read an answer before the browser says that it is finished, so what counts is that it has come.
            case "Network.responseReceived" or "Network.loadingFinished" or "Network.loadingFailed":
                _inFlight.TryRemove((string)told["requestId"]!, out _);
                break;
            case "Runtime.exceptionThrown":
                _problems.Enqueue($"{told["exceptionDetails"]!["exception"]?["description"] ?? told["exceptionDetails"]!["text"]}");
                break;
            case "Log.entryAdded" when (string?)told["entry"]!["level"] == "error" && (string?)told["entry"]!["source"] != "network":
                _problems.Enqueue($"{told["entry"]!["source"]}: {told["entry"]!["text"]}");
                break;
        }
    }

    private static bool IsOfApi(string address) =>
        new Uri(address).AbsolutePath is var path && path.StartsWith("/api/", StringComparison.Ordinal)
        && !path.StartsWith("/api/dashboard", StringComparison.Ordinal) && path != "/api/openapi.json";
}
