using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Sources.Gcs;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(GcsObject))]
[JsonSerializable(typeof(GcsListing))]
internal sealed partial class GcsJson : JsonSerializerContext;
