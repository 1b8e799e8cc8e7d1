using DicomFunctions.Emulator.Answers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Answers shared by several methods.</summary>
internal static class PubSubResponses
{
    /// <summary>Answers <c>{}</c> and returns no error.</summary>
    public static async Task<GoogleError?> WriteEmptyObjectAsync(this HttpContext context)
    {
        await context.WriteBytesAsync(200, "application/json; charset=UTF-8", "{}"u8.ToArray()).ConfigureAwait(false);
        return null;
    }
}
