using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>
/// Reads and validates a retrieve request: a dict like that of a search, or the path of a study, series or instance as Beam's
/// <c>DicomIO.ReadStudyMetadata</c> takes it.
/// </summary>
internal static class RetrieveRequestReader
{
    /// <summary>Reads one request.</summary>
    /// <param name="json">One well-formed JSON value.</param>
    /// <param name="typeOfPaths">What a path asks for.</param>
    /// <param name="request">What to retrieve; null if the request is invalid.</param>
    /// <param name="type">What the request asks for.</param>
    /// <param name="problem">What is wrong, naming the key; null if the request is valid. It becomes the record's <c>status</c>.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json,
        RetrieveType typeOfPaths,
        [NotNullWhen(true)] out RetrieveRequest? request,
        out RetrieveType type,
        [NotNullWhen(false)] out string? problem)
    {
        (request, type) = (null, typeOfPaths);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return TryReadPath(reader.GetTextOrNull() ?? "", out request, out problem);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "A retrieve request must be a dict (a JSON object) or a path (projects/…/dicomWeb/studies/…).";
            return false;
        }

        var store = default(StoreKeysReader);
        var typeField = default(StoreKeysReader.Field);
        var parameters = default(Parameters);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetTextOrNull() ?? "") : reader.ValueSpan;
            reader.Read();
            if (key.SequenceEqual(RequestKeys.RetrieveType))
                typeField = StoreKeysReader.Field.Read(ref reader);
            else if (key.SequenceEqual(RequestKeys.Params))
                parameters = Parameters.Read(ref reader);
            else if (!store.TryTake(key, ref reader))
                reader.Skip();
        }

        problem = store.Problem("retrieve_type", typeField)
            ?? (typeField.Text is "metadata" or "instances" ? null : "Retrieve type can only be \"metadata\" or \"instances\"")
            ?? parameters.Problem ?? parameters.Missing;
        if (problem is not null)
            return false;
        type = typeField.Text == "instances" ? RetrieveType.Instances : RetrieveType.Metadata;
        request = new RetrieveRequest
        {
            Store = store.Store(),
            StudyUid = parameters.Study!,
            SeriesUid = parameters.Series,
            SopInstanceUid = parameters.SopInstance,
        };
        return true;
    }

    private static bool TryReadPath(
        string path, [NotNullWhen(true)] out RetrieveRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        problem = null;
        const string Form = "projects/P/locations/L/datasets/D/dicomStores/S/dicomWeb/studies/STUDY[/series/SERIES[/instances/INSTANCE]]";
        var parts = path.Split('/');
        if (parts.Length is not (11 or 13 or 15) || parts[8] != "dicomWeb" || parts[9] != "studies"
            || (parts.Length > 12 && parts[11] != "series") || (parts.Length > 14 && parts[13] != "instances"))
        {
            problem = $"The path must have the form {Form}.";
        }
        else if (!DicomStorePath.TryParse(string.Join('/', parts[..8]), out var store, out var invalid))
        {
            problem = invalid;
        }
        else if (parts.Where((_, i) => i is 10 or 12 or 14).Any(uid => !DicomUid.IsValid(uid)))
        {
            problem = $"An id in the path is not a UID (1 to {DicomUid.MaxLength} digits and dots).";
        }
        else
        {
            request = new RetrieveRequest
            {
                Store = store,
                StudyUid = parts[10],
                SeriesUid = parts.Length > 12 ? parts[12] : null,
                SopInstanceUid = parts.Length > 14 ? parts[14] : null,
            };
        }

        return request is not null;
    }

    /// <summary>The <c>params</c> of a request.</summary>
    private struct Parameters
    {
        public string? Study { get; private set; }

        public string? Series { get; private set; }

        public string? SopInstance { get; private set; }

        public string? Problem { get; private set; }

        public readonly string? Missing =>
            Study is null ? "Must have StudyInstanceUID in the params."
            : SopInstance is not null && Series is null ? "Must have SeriesInstanceUID in the params: SOPInstanceUID needs it."
            : null;

        public static Parameters Read(ref Utf8JsonReader reader)
        {
            var parameters = default(Parameters);
            if (reader.TokenType == JsonTokenType.Null)
                return parameters;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                parameters.Problem = "params must be a dict (a JSON object).";
                return parameters;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetTextOrNull() ?? "";
                reader.Read();
                parameters.Take(name, reader.TokenType == JsonTokenType.String ? reader.GetTextOrNull() : null);
                reader.Skip();
            }

            return parameters;
        }

        private void Take(string name, string? value)
        {
            if (name is not ("StudyInstanceUID" or "SeriesInstanceUID" or "SOPInstanceUID"))
                Problem ??= $"params.{Cut(name)} is unknown: use StudyInstanceUID, SeriesInstanceUID and SOPInstanceUID.";
            else if (!DicomUid.IsValid(value))
                Problem ??= $"params.{name} is not a UID (a string of 1 to {DicomUid.MaxLength} digits and dots).";
            else if (name == "StudyInstanceUID")
                Study = value;
            else if (name == "SeriesInstanceUID")
                Series = value;
            else
                SopInstance = value;
        }

        private static string Cut(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
    }
}
