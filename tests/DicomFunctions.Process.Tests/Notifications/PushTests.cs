using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Notifications;

public sealed class PushTests
{
    [Fact]
    public async Task A_message_pushed_to_the_host_is_searched_poison_is_a_failed_record_and_a_strangers_is_refused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 400);
        using var folder = new TempFolder();
        await using var serve = await ServeProcess.StartAsync(
            folder.Path,
            new Dictionary<string, string>(Faulty.Client)
            {
                ["DicomFunctions__Push__Audience"] = "push",
                ["DicomFunctions__Push__ServiceAccount"] = "push@p.iam.gserviceaccount.com",
                ["DicomFunctions__Push__CertificatesUrl"] = issuer.CertificatesUrl,
                ["DicomFunctions__Local__ApiKey"] = "a key that no push carries",
            },
            "--base-url", emulator.Url, "--store", Stores.Rows);
        var path = Stores.Rows + "/dicomWeb/studies/1.2/series/1.2.3/instances/1.2.3.4";

        Assert.Equal(HttpStatusCode.Unauthorized, await PushAsync(serve, token: null, "unsigned", path));
        Assert.Equal(
            HttpStatusCode.Forbidden, await PushAsync(serve, issuer.Token(email: "other@p.iam.gserviceaccount.com"), "other", path));
        Assert.Equal(HttpStatusCode.NoContent, await PushAsync(serve, issuer.Token(), "m1", path));
        Assert.Equal(HttpStatusCode.NoContent, await PushAsync(serve, issuer.Token(), "m2", "poison"));

        serve.Http.DefaultRequestHeaders.Add("x-functions-key", "a key that no push carries");
        List<(string, bool, string)> records = [];
        foreach (var job in JsonElement.Parse(await serve.Http.GetStringAsync("api/jobs")).GetProperty("jobs").EnumerateArray())
        {
            var id = job.GetProperty("id").GetString()!;
            await serve.CompletesAsync(id);
            var record = Assert.Single(await serve.RecordsAsync(id));
            records.Add((Text(record, "message_id"), record.GetProperty("success").GetBoolean(), Text(record, "publish_time")));
        }

        Assert.Equal([("m1", true, "2026-11-22T10:00:00Z"), ("m2", false, "2026-11-22T10:00:00Z")], records.Order());
    }

    private static string Text(JsonElement record, string key) => record.GetProperty(key).GetString()!;

    private static async Task<HttpStatusCode> PushAsync(ServeProcess serve, string? token, string id, string text)
    {
        var message =
            new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), messageId = id, publishTime = "2026-11-22T10:00:00Z" };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/pubsub/push") { Content = JsonContent.Create(new { message }) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await serve.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
