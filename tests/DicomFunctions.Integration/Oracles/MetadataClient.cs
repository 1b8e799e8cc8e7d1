using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace DicomFunctions.Integration.Oracles;

/// <summary>Stores a file in a DICOMweb server that has no other, and reads its metadata.</summary>
internal sealed class MetadataClient(string dicomWeb)
{
    // Orthanc closes connections at any time.
    private static readonly HttpClient Http =
        new() { Timeout = TimeSpan.FromMinutes(1), DefaultRequestHeaders = { ConnectionClose = true } };

    /// <summary>The data set as DICOM JSON, or null for a file that the server does not take.</summary>
    public async Task<JsonElement?> ReadAsync(byte[] file)
    {
        using var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        using var body = new MultipartContent("related", "oracle") { part };
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=oracle");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{dicomWeb}/studies") { Content = body };
        request.Headers.Accept.ParseAdd("application/dicom+json");
        using var stored = await Http.SendAsync(request);
        if (stored.StatusCode != HttpStatusCode.OK)
            return null;
        var row = (await JsonAsync("instances"))[0];
        var path = $"studies/{Uid(row, "0020000D")}/series/{Uid(row, "0020000E")}/instances/{Uid(row, "00080018")}/metadata";
        return (await JsonAsync(path))[0];
    }

    private static string Uid(JsonElement row, string tag) => row.GetProperty(tag).GetProperty("Value")[0].GetString()!;

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri($"{dicomWeb}/{path}"));
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(), new JsonDocumentOptions { MaxDepth = 512 });
        return document.RootElement.Clone();
    }
}
