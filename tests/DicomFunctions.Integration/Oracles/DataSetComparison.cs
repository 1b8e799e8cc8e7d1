using System.Text.Json;
using DicomFunctions.Dictionary;

namespace DicomFunctions.Integration.Oracles;

/// <summary>Two readers' DICOM JSON of one file: which attributes one of them has lost, and which differ.</summary>
/// <param name="isException">Whether a difference has a reason that is listed; given the tag, our attribute and theirs.</param>
internal sealed class DataSetComparison(Func<uint, JsonElement?, JsonElement?, bool> isException)
{
    private readonly List<string> _differences = [];

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Attributes that both have, at all levels.</summary>
    public int Compared { get; private set; }

    public void Compare(JsonElement ours, JsonElement theirs, string path)
    {
        foreach (var tag in ours.EnumerateObject().Select(one => one.Name).Union(theirs.EnumerateObject().Select(one => one.Name)))
        {
            JsonElement? our = ours.TryGetProperty(tag, out var one) ? one : null;
            JsonElement? their = theirs.TryGetProperty(tag, out var other) ? other : null;
            if (isException(Convert.ToUInt32(tag, 16), our, their))
                continue;
            if (our is null || their is null)
                _differences.Add($"{path} {tag}: {(our is null ? "lost" : "not in the other")}: {our ?? their}");
            else
                CompareAttribute(our.Value, their.Value, $"{path} {tag}");
        }
    }

    private void CompareAttribute(JsonElement ours, JsonElement theirs, string path)
    {
        Compared++;
        var vr = ours.GetProperty("vr").GetString()!;
        var (our, their) = (Values(ours), Values(theirs));
        if (vr != theirs.GetProperty("vr").GetString() || our.Length != their.Length)
        {
            _differences.Add($"{path}: {Short(ours)} and {Short(theirs)}");
            return;
        }

        for (var i = 0; i < our.Length; i++)
        {
            if (vr == nameof(Vr.SQ))
                Compare(our[i], their[i], $"{path}[{i}]");
            else if (Text(vr, our[i]) != Text(vr, their[i]))
                _differences.Add($"{path}: {Short(ours)} and {Short(theirs)}");
        }
    }

    private static JsonElement[] Values(JsonElement attribute) =>
        attribute.TryGetProperty("Value", out var values) ? [.. values.EnumerateArray()] : [];

    /// <summary>A number is the same number however it is written; one of single precision has seven digits.</summary>
    private static string Text(string vr, JsonElement value) => (value.ValueKind, vr) switch
    {
        (JsonValueKind.Null, _) => "",
        (JsonValueKind.Object, _) => string.Join(
            '=', value.EnumerateObject()
                .OrderBy(group => group.Name, StringComparer.Ordinal)
                .Select(group => $"{group.Name}:{group.Value.GetString()}")),
        (JsonValueKind.Number, nameof(Vr.FL)) => FormattableString.Invariant($"{value.GetSingle():R}"),
        (JsonValueKind.Number, nameof(Vr.SV) or nameof(Vr.UV)) => value.GetRawText(),
        (JsonValueKind.Number, _) => FormattableString.Invariant($"{value.GetDouble():R}"),
        _ => value.GetString()!,
    };

    private static string Short(JsonElement attribute) =>
        attribute.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : attribute.GetRawText();
}
