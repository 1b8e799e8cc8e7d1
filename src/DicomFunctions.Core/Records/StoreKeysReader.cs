using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>
/// Collects the strings that name a store, and validates them in the order and with the messages of Beam's <c>dicomio</c>.
/// </summary>
internal ref struct StoreKeysReader
{
    private Field _projectId;
    private Field _region;
    private Field _datasetId;
    private Field _dicomStoreId;

    /// <summary>Takes the value at the reader if the key is one of the four. Otherwise the reader stays where it is.</summary>
    public bool TryTake(scoped ReadOnlySpan<byte> key, ref Utf8JsonReader value)
    {
        if (key.SequenceEqual(RequestKeys.ProjectId))
            _projectId = Field.Read(ref value);
        else if (key.SequenceEqual(RequestKeys.Region))
            _region = Field.Read(ref value);
        else if (key.SequenceEqual(RequestKeys.DatasetId))
            _datasetId = Field.Read(ref value);
        else if (key.SequenceEqual(RequestKeys.DicomStoreId))
            _dicomStoreId = Field.Read(ref value);
        else
            return false;
        return true;
    }

    /// <summary>The first missing key or, if none is missing, the first with an invalid value; null if all are valid.</summary>
    /// <param name="key">A fifth key; null for none, as of an upload's destination.</param>
    /// <param name="field">The value of the fifth key.</param>
    public readonly string? Problem(string? key = null, Field field = default) =>
        Missing("project_id", _projectId) ?? Missing("region", _region) ?? Missing("dataset_id", _datasetId)
        ?? Missing("dicom_store_id", _dicomStoreId) ?? (key is not null ? Missing(key, field) : null)
        ?? NotText("project_id", _projectId) ?? NotText("region", _region) ?? NotText("dataset_id", _datasetId)
        ?? NotText("dicom_store_id", _dicomStoreId) ?? (key is not null ? NotText(key, field) : null)
        ?? DicomStorePath.Problem(_projectId.Text, _region.Text, _datasetId.Text, _dicomStoreId.Text);

    /// <summary>The store. Call it only if there is no <see cref="Problem"/>.</summary>
    public readonly DicomStorePath Store() => new(_projectId.Text!, _region.Text!, _datasetId.Text!, _dicomStoreId.Text!);

    private static string? Missing(string key, Field field) => field.IsPresent ? null : $"Must have {key} in the dict.";

    private static string? NotText(string key, Field field) =>
        string.IsNullOrEmpty(field.Text) ? $"{key} must be a string that is not empty." : null;

    /// <summary>The value of a key: absent, a string, or something else.</summary>
    internal readonly record struct Field(bool IsPresent, string? Text)
    {
        public static Field Read(ref Utf8JsonReader value)
        {
            var text = value.TokenType == JsonTokenType.String ? value.GetTextOrNull() : null;
            value.Skip();
            return new Field(true, text);
        }
    }
}
