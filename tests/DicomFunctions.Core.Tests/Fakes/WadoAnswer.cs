using System.Text;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>Answers a retrieval of instances.</summary>
internal static class WadoAnswer
{
    public const string Type = "multipart/related; type=\"application/dicom\"; boundary=BOUND";

    /// <summary>The body of a multipart answer.</summary>
    public static byte[] Body(params IEnumerable<byte[]> files) =>
        [.. files.SelectMany(file => (byte[])[.. Part(), .. file, .. "\r\n"u8]), .. "--BOUND--\r\n"u8];

    /// <summary>A delimiter and the headers of a part.</summary>
    public static byte[] Part(string type = "application/dicom; transfer-syntax=1.2.840.10008.1.2.1") =>
        Encoding.Latin1.GetBytes($"--BOUND\r\nContent-Type: {type}\r\n\r\n");

    public static async Task<bool> SendAsync(HttpContext context, byte[] body, string? type = Type, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(body);
        return true;
    }
}
