using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>
/// Controls the emulator from other processes, below <c>/emulator/</c>: <c>faults</c>, <c>synthetic</c>, <c>statistics</c>, <c>stores</c>,
/// <c>health</c>. The query parameter <c>store</c> names a store; without it, a request applies to all.
/// </summary>
internal sealed class AdminEndpoint(FaultInjector faults, EmulatorStatistics statistics, StoreCatalog catalog)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public async Task HandleAsync(HttpContext context, string path)
    {
        var store = context.Request.Query["store"].ToString();
        if (store.Length > 0 && !StoreName.TryParse(store, out _))
        {
            await context.WriteErrorAsync(GoogleError.Invalid("store is not the name of a DICOM store.")).ConfigureAwait(false);
            return;
        }

        try
        {
            var answer = await AnswerAsync(context, path, store).ConfigureAwait(false);
            if (answer is null)
            {
                await context.WriteErrorAsync(GoogleError.NotFound("No such administration resource.")).ConfigureAwait(false);
                return;
            }

            var body = JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), Json);
            await context.WriteBytesAsync(200, "application/json; charset=UTF-8", body).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or ValidationException)
        {
            await context.WriteErrorAsync(GoogleError.Invalid($"The request body is not valid: {exception.Message}")).ConfigureAwait(false);
        }
    }

    private static async Task<T> BodyAsync<T>(HttpContext context)
        where T : class
    {
        var body = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted).ConfigureAwait(false)
            ?? throw new JsonException("an object is needed");
        Validator.ValidateObject(body, new ValidationContext(body), validateAllProperties: true);
        return body;
    }

    private async Task<object?> AnswerAsync(HttpContext context, string path, string store)
    {
        switch (context.Request.Method, path)
        {
            case ("GET", "health"):
                return new { status = "ok" };
            case ("GET", "stores"):
                return catalog.All
                    .Select(one => new { name = one.Name.Path, studies = one.Studies.Length, instances = one.InstanceCount }).ToArray();
            case ("GET", "statistics"):
                return (store.Length > 0 ? statistics.ForStore(store) : statistics).Snapshot();
            case ("DELETE", "statistics"):
                (store.Length > 0 ? statistics.ForStore(store) : statistics).Reset();
                return new { };
            case ("GET", "faults"):
                return new { all = faults.All, stores = faults.Stores };
            case ("PUT", "faults") when store.Length > 0:
                faults.Set(store, await BodyAsync<FaultOptions>(context).ConfigureAwait(false));
                return faults.Stores[store];
            case ("PUT", "faults"):
                faults.SetAll(await BodyAsync<FaultOptions>(context).ConfigureAwait(false));
                return faults.All;
            case ("DELETE", "faults") when store.Length > 0:
                faults.Clear(store);
                return new { };
            case ("DELETE", "faults"):
                faults.Clear();
                return new { };
            case ("GET", "synthetic"):
                return faults.Synthetic;
            case ("PUT", "synthetic") when store.Length > 0:
                faults.SetSynthetic(store, await BodyAsync<SyntheticAnswers>(context).ConfigureAwait(false));
                return faults.Synthetic[store];
            case ("DELETE", "synthetic") when store.Length > 0:
                faults.SetSynthetic(store, null);
                return new { };
            default:
                return null;
        }
    }
}
