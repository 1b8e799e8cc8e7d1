using System.Buffers;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// The input of an orchestration, also when it continues as new: the workflow's state as JSON, and the latest progress, which Durable
/// Functions would otherwise lose after the turn.
/// </summary>
internal readonly record struct TurnInput(string State, JobProgress? Progress)
{
    private const string StateKey = "state";
    private const string ProgressKey = "progress";

    public static TurnInput Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new TurnInput(
            root.GetProperty(StateKey).GetRawText(),
            root.TryGetProperty(ProgressKey, out var progress) ? progress.Deserialize(ProgressJson.Default.JobProgress) : null);
    }

    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName(StateKey);
            json.WriteRawValue(State);
            if (Progress is not null)
            {
                json.WritePropertyName(ProgressKey);
                JsonSerializer.Serialize(json, Progress, ProgressJson.Default.JobProgress);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
