using System.Text;
using System.Text.Json.Nodes;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>A plain HTTP client of one store.</summary>
internal sealed class StoreClient(Uri baseAddress, string storePath) : IDisposable
{
    public const string Boundary = "some-boundary";

    public HttpClient Http { get; } = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(60) };

    public string DicomWeb { get; } = $"v1/{storePath}/dicomWeb/";

    public static byte[] Multipart(params byte[][] parts)
    {
        using var body = new MemoryStream();
        foreach (var part in parts)
        {
            body.Write(Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n"));
            body.Write(part);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return body.ToArray();
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, accept);

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, null);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, string? accept)
    {
        using var request = new HttpRequestMessage(method, new Uri(DicomWeb + path, UriKind.Relative)) { Content = content };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);

        return await Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> StowAsync(SomeDicom file) => StowAsync(file.ToBytes());

    public Task<HttpResponseMessage> StowAsync(
        byte[] body, string contentType = "application/dicom", string path = "studies", string? accept = "application/dicom+json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(HttpMethod.Post, path, content, accept);
    }

    public Task<HttpResponseMessage> StowManyAsync(params byte[][] parts) =>
        StowAsync(Multipart(parts), $"multipart/related; type=\"application/dicom\"; boundary={Boundary}");

    /// <summary>Stores instances and asserts success.</summary>
    public async Task AddAsync(params SomeDicom[] files)
    {
        foreach (var file in files)
        {
            using var response = await StowAsync(file);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    /// <summary>The rows of a search; empty for 204.</summary>
    public async Task<JsonArray> SearchAsync(string pathAndQuery)
    {
        using var response = await GetAsync(pathAndQuery);
        if ((int)response.StatusCode == 204)
        {
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
            return [];
        }

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/dicom+json", response.Content.Headers.ContentType!.MediaType);
        return (JsonArray)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public void Dispose() => Http.Dispose();
}
