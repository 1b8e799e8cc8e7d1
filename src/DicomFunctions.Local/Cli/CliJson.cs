using System.Text.Json.Serialization;

namespace DicomFunctions.Local.Cli;

[JsonSerializable(typeof(string))]
internal sealed partial class CliJson : JsonSerializerContext;
