using System.Diagnostics.CodeAnalysis;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// The path of an instance in a DICOM store, as in notifications:
/// <c>projects/P/locations/L/datasets/D/dicomStores/S/dicomWeb/studies/…/series/…/instances/…</c>.
/// </summary>
internal sealed record DicomInstancePath
{
    private static readonly string[] UidNames = ["study", "series", "instance"];

    private DicomInstancePath(DicomStorePath store, string studyInstanceUid, string seriesInstanceUid, string sopInstanceUid)
    {
        Store = store;
        StudyInstanceUid = studyInstanceUid;
        SeriesInstanceUid = seriesInstanceUid;
        SopInstanceUid = sopInstanceUid;
    }

    public DicomStorePath Store { get; }

    public string StudyInstanceUid { get; }

    public string SeriesInstanceUid { get; }

    public string SopInstanceUid { get; }

    /// <summary>
    /// Parses a path. The literals are case-sensitive, every id must be valid, and there is no slash at either end and no query. Otherwise
    /// returns what the text is instead. Never throws.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out DicomInstancePath? path, [NotNullWhen(false)] out DicomPathProblem? problem)
    {
        path = null;
        Span<Range> parts = stackalloc Range[16];
        problem = Divide(text, parts) ?? IdProblem(text, parts);
        if (problem is not null)
            return false;
        var store = new DicomStorePath(
            text[parts[1]].ToString(), text[parts[3]].ToString(), text[parts[5]].ToString(), text[parts[7]].ToString());
        path = new DicomInstancePath(store, text[parts[10]].ToString(), text[parts[12]].ToString(), text[parts[14]].ToString());
        return true;
    }

    public override string ToString() =>
        $"{Store}/dicomWeb/studies/{StudyInstanceUid}/series/{SeriesInstanceUid}/instances/{SopInstanceUid}";

    /// <summary>Splits the text at its slashes and finds missing literals.</summary>
    private static DicomPathProblem? Divide(ReadOnlySpan<char> text, Span<Range> parts)
    {
        if (text.IsEmpty)
            return new(FailureCode.Empty, "The path is empty.");
        if (text.Contains("://", StringComparison.Ordinal))
            return new(FailureCode.Malformed, "The path is a whole URL; it must begin with projects/.");
        if (text.ContainsAny('?', '#'))
            return new(FailureCode.Malformed, "The path has a query or a fragment.");
        if (text[0] == '/' || text[^1] == '/')
            return new(FailureCode.Malformed, "The path has a slash at its beginning or end.");
        var count = text.Split(parts, '/');
        if (text[parts[0]] is not "projects")
            return new(FailureCode.Malformed, "The path must begin with projects/.");
        if (count < 8 || text[parts[2]] is not "locations" || text[parts[4]] is not "datasets" || text[parts[6]] is not "dicomStores")
        {
            return new(
                FailureCode.NotADicomStore,
                "The path does not name a DICOM store (projects/PROJECT/locations/LOCATION/datasets/DATASET/dicomStores/STORE).");
        }

        if (count < 11 || text[parts[8]] is not "dicomWeb" || text[parts[9]] is not "studies")
            return new(FailureCode.Malformed, "The path must continue with /dicomWeb/studies/ and an id after the store.");
        if (count == 11)
            return new(FailureCode.StudyLevel, "The path names a study, not an instance.");
        if (count < 13 || text[parts[11]] is not "series")
            return new(FailureCode.Malformed, "The path must continue with /series/ and an id after the study.");
        if (count == 13)
            return new(FailureCode.SeriesLevel, "The path names a series, not an instance.");
        if (count != 15 || text[parts[13]] is not "instances")
            return new(FailureCode.Malformed, "The path must end with /instances/ and an id after the series.");
        return null;
    }

    private static DicomPathProblem? IdProblem(ReadOnlySpan<char> text, ReadOnlySpan<Range> parts)
    {
        foreach (var part in parts[..15])
        {
            if (text[part].IsEmpty)
                return new(FailureCode.EmptyId, "An id in the path is empty.");
        }

        if (DicomStorePath.Problem(text, parts) is { } problem)
            return new(FailureCode.BadId, problem);
        for (var i = 0; i < UidNames.Length; i++)
        {
            if (!DicomUid.IsValid(text[parts[10 + (2 * i)]]))
                return new(FailureCode.BadUid, $"The {UidNames[i]}'s id is not a UID (1 to {DicomUid.MaxLength} digits and dots).");
        }

        return null;
    }
}
