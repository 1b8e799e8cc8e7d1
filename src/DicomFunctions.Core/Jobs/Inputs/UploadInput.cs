using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.Records;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>
/// A line of an upload's inputs: a source's reference as a JSON string or, where there is more to say, an object
/// (<c>{"source","version","store","code","message"}</c>).
/// </summary>
/// <param name="Source">The reference.</param>
/// <param name="Version">The version it must have; null: any.</param>
/// <param name="Store">Where it goes, when that is not the job's destination.</param>
/// <param name="Problem">Why it can not be uploaded, known beforehand.</param>
internal sealed record UploadInput(string Source, string? Version = null, string? Store = null, SourceProblem? Problem = null)
{
    /// <summary>Reads a line. Any JSON value gives an input; one that is not understood has a problem.</summary>
    public static UploadInput Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return new UploadInput(reader.GetString()!);
        string? source = null, version = null, store = null, code = null, message = null;
        while (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Null
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            var value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
            switch (key)
            {
                case "source":
                    source = value;
                    break;
                case "version":
                    version = value;
                    break;
                case "store":
                    store = value;
                    break;
                case "code":
                    code = value;
                    break;
                case "message":
                    message = value;
                    break;
            }
        }

        var problem = code is not null ? new SourceProblem(code, message ?? code)
            : source is null ? new SourceProblem(SourceProblemCode.BadReference, "An input of an upload is a string: a file, an object, or a pattern.")
            : null;
        return new UploadInput(source ?? System.Text.Encoding.UTF8.GetString(line), version, store, problem);
    }

    /// <summary>The line for another try: a problem found while the source was looked up may be gone.</summary>
    public ReadOnlyMemory<byte> ToRetry()
    {
        var line = new ArrayBufferWriter<byte>();
        (this with { Problem = null, Version = null }).WriteTo(line);
        return line.WrittenMemory;
    }

    /// <summary>Writes the line, without its end.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        if (this is { Version: null, Store: null, Problem: null })
        {
            output.Text(Source);
            return;
        }

        output.Raw("{\"source\":"u8);
        output.Text(Source);
        output.Property("version"u8, Version);
        output.Property("store"u8, Store);
        output.Property("code"u8, Problem?.Code);
        output.Property("message"u8, Problem?.Message);
        output.Raw("}"u8);
    }
}
