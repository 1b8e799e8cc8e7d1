using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Answers that several methods share.</summary>
internal static class PubSubResponses
{
    /// <summary>Answers <c>{}</c>; there is no error to return.</summary>
    public static async Task<GoogleError?> WriteEmptyObjectAsync(this HttpContext context)
    {
        await context.WriteBytesAsync(200, "application/json; charset=UTF-8", "{}"u8.ToArray()).ConfigureAwait(false);
        return null;
    }
}
