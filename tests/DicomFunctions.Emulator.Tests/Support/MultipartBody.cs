using System.Buffers;
using System.IO.Pipelines;
using DicomFunctions.Emulator.Stow;

namespace DicomFunctions.Emulator.Tests.Support;

/// <summary>The parts of a multipart answer.</summary>
internal sealed record MultipartBody(IReadOnlyList<MultipartBody.Part> Parts, bool IsWhole)
{
    /// <summary>Reads an answer to its end; a body without its closing delimiter is not whole, and its last part is left out.</summary>
    public static async Task<MultipartBody> ReadAsync(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType!;
        Assert.Equal("multipart/related", type.MediaType);
        Assert.Equal("application/dicom", type.Parameters.Single(parameter => parameter.Name == "type").Value!.Trim('"'));
        var boundary = type.Parameters.Single(parameter => parameter.Name == "boundary").Value!.Trim('"');
        var parser = new MultipartParser(PipeReader.Create(await response.Content.ReadAsStreamAsync()), boundary);
        var parts = new List<Part>();
        try
        {
            while (await parser.NextPartAsync(default) is { } headers)
            {
                using var bytes = new MemoryStream();
                await parser.ReadBodyAsync((block, _) => { bytes.Write(block.ToArray()); return ValueTask.CompletedTask; }, default);
                parts.Add(new Part(headers["content-type"], bytes.ToArray()));
            }

            return new MultipartBody(parts, IsWhole: true);
        }
        catch (InvalidDataException)
        {
            return new MultipartBody(parts, IsWhole: false);
        }
    }

    internal sealed record Part(string ContentType, byte[] Bytes);
}
