using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Sources;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>
/// An input of an upload: the reference of a source as a JSON string or, if more is known, an object
/// (<c>{"source","version","store","literal","code","message"}</c>).
/// </summary>
/// <param name="Source">The reference.</param>
/// <param name="Version">The version it must have; null for any.</param>
/// <param name="Store">The store it goes to; null for the job's destination.</param>
/// <param name="Problem">Why it cannot be uploaded, if that is known already.</param>
/// <param name="IsLiteral">Whether it names one source even if it reads like a pattern, because a pattern found it.</param>
internal sealed record UploadInput(
    string Source, string? Version = null, string? Store = null, SourceProblem? Problem = null, bool IsLiteral = false)
{
    /// <summary>Reads a line. Any JSON value is an input; one that is not understood has a problem.</summary>
    public static UploadInput Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.GetTextOrNull() is { } text)
            return new UploadInput(text);
        string? source = null, version = null, store = null, code = null, message = null;
        var isLiteral = false;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetTextOrNull();
            reader.Read();
            var isTrue = reader.TokenType == JsonTokenType.True;
            var value = reader.TokenType == JsonTokenType.String ? reader.GetTextOrNull() : null;
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
                case "literal":
                    isLiteral = isTrue;
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
            : source is null
                ? new SourceProblem(FailureCode.BadReference, "An input of an upload is a string: a file, an object, or a pattern.")
            : null;
        return new UploadInput(source ?? System.Text.Encoding.UTF8.GetString(line), version, store, problem, isLiteral);
    }

    /// <summary>The line for a retry, without a problem found when the source was expanded.</summary>
    public ReadOnlyMemory<byte> ToRetry()
    {
        var line = new ArrayBufferWriter<byte>();
        (this with { Problem = null, Version = null, IsLiteral = Problem is null && Glob.IsPattern(Source) }).WriteTo(line);
        return line.WrittenMemory;
    }

    /// <summary>Writes the line without its end.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        if (this is { Version: null, Store: null, Problem: null, IsLiteral: false })
        {
            output.Text(Source);
            return;
        }

        output.Raw("{\"source\":"u8);
        output.Text(Source);
        output.Property("version"u8, Version);
        output.Property("store"u8, Store);
        if (IsLiteral)
            output.Raw(",\"literal\":true"u8);
        output.Property("code"u8, Problem?.Code);
        output.Property("message"u8, Problem?.Message);
        output.Raw("}"u8);
    }
}
