using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>The JSON of a submission, of which a hash is kept: a build that adds a setting must leave it out by default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JobSubmission))]
internal sealed partial class SubmissionJson : JsonSerializerContext;
