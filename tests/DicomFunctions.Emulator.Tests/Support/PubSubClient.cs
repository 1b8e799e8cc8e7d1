using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A plain HTTP client of the Pub/Sub subset.</summary>
internal sealed class PubSubClient(Uri baseAddress) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = new Uri(baseAddress, "v1/"), Timeout = TimeSpan.FromSeconds(60) };

    public Task<HttpResponseMessage> PutAsync(string name, string json = "{}") => SendAsync(HttpMethod.Put, name, json);

    public Task<HttpResponseMessage> PostAsync(string name, string json) => SendAsync(HttpMethod.Post, name, json);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string name, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(baseAddress, "v1/" + name));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");

        return await Http.SendAsync(request);
    }

    /// <summary>Pulls the messages available now.</summary>
    public async Task<JsonArray> PullAsync(string subscription, int max = 1000)
    {
        using var response = await PostAsync($"{subscription}:pull", $$"""{"maxMessages":{{max}},"returnImmediately":true}""");
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.JsonAsync())["receivedMessages"] is JsonArray messages ? messages : [];
    }

    public async Task AcknowledgeAsync(string subscription, IEnumerable<JsonNode?> messages)
    {
        var ids = messages.Select(message => (string?)message!["ackId"]).ToArray();
        using var response = await Http.PostAsJsonAsync(new Uri(baseAddress, $"v1/{subscription}:acknowledge"), new { ackIds = ids });
        Assert.Equal(200, (int)response.StatusCode);
    }

    public void Dispose() => Http.Dispose();
}
