using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Search requests, as dicts.</summary>
internal static class Requests
{
    private static readonly (string Json, string Text)[] Values =
    [
        ("\"CT\"", "CT"), ("\"\"", ""), ("5", "5"), ("1.50", "1.50"), ("true", "true"), ("[\"a\",\"b\"]", "a,b"), ("[7]", "7"),
        ("\"\\u00e9\\\\*\"", "é\\*"),
    ];

    /// <summary>Valid requests, and what they ask for.</summary>
    public static Gen<(string Json, QidoRequest Request)> Valid { get; } =
        from store in Paths.Store
        from level in Gen.Elements(QidoLevel.Studies, QidoLevel.Series, QidoLevel.Instances)
        from filters in Filter.ListOf()
        from limit in Gen.Elements<(string Json, long? Number)>(("", null), ("\"limit\":10,", 10), ("\"limit\":\"07\",", 7))
        from offset in Gen.Elements<(string Json, long Number)>(("", 0), ("\"offset\":0,", 0), ("\"offset\":\"9\",", 9))
        let parameters = (limit.Json + offset.Json + string.Concat(filters.Select(filter => $"\"{filter.Name}\":{filter.Value.Json},")))
            .TrimEnd(',')
        from members in Gen.Shuffle(
            [
                .. StoreMembers(store), $"\"search_type\":\"{level.ToString().ToLowerInvariant()}\"", $"\"params\":{{{parameters}}}",
                "\"other\":[{}]",
            ])
        select ($"{{{string.Join(',', members)}}}", new QidoRequest
        {
            Store = store,
            Level = level,
            Parameters = [.. filters.Select(filter => KeyValuePair.Create(filter.Name, filter.Value.Text))],
            Limit = limit.Number,
            Offset = offset.Number,
        });

    /// <summary>Dicts of the keys that mean something in one of the requests, with any values.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(
        JsonTexts.Value,
        Valid.Select(valid => valid.Json),
        from store in Paths.Store
        from members in (
            from key in Gen.Elements(
                "project_id", "region", "dataset_id", "dicom_store_id", "search_type", "params", "source", "version", "store", "literal",
                "code", "message", "\\ud800", "p\\u0061rams")
            from value in Gen.OneOf(
                JsonTexts.Value, Gen.Elements(
                    "\"studies\"", "\"\"", "{\"limit\":-1}", "{\"\":1}", "{\"limit\":99999999999999999999}", $"\"{store.DatasetId}\""))
            select $"\"{key}\":{value}").ListOf()
        select $"{{{string.Join(',', StoreMembers(store).Skip(members.Count % 5).Concat(members))}}}");

    private static Gen<(string Name, (string Json, string Text) Value)> Filter =>
        from name in Gen.Elements("StudyDate", "PatientName", "00080060", "é")
        from value in Gen.Elements(Values)
        select (name, value);

    private static string[] StoreMembers(DicomStorePath store) =>
    [
        $"\"project_id\":\"{store.ProjectId}\"", $"\"region\":\"{store.Region}\"", $"\"dataset_id\":\"{store.DatasetId}\"",
        $"\"dicom_store_id\":\"{store.DicomStoreId}\"",
    ];
}
