using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs.Expansion;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExpansionCursor))]
internal sealed partial class ExpansionJson : JsonSerializerContext;
