using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.Http;

/// <summary>What the method and the path below <c>…/dicomWeb/</c> request.</summary>
internal sealed record DicomWebRoute(RequestKind Kind, string? StudyUid, string? SeriesUid, string? SopUid, AttributeLevel Level)
{
    private static readonly (string Name, AttributeLevel Level)[] Collections =
        [("studies", AttributeLevel.Study), ("series", AttributeLevel.Series), ("instances", AttributeLevel.Instance)];

    /// <summary>Parses a path; returns the error to answer if it is invalid.</summary>
    public static GoogleError? Parse(string method, string path, out DicomWebRoute route)
    {
        var parts = path.Split('/', StringSplitOptions.None);
        var count = parts.Length;
        string? study = null, series = null, sop = null;
        var position = 0;
        var level = AttributeLevel.Study;
        var named = false;
        foreach (var (collection, at) in Collections)
        {
            if (position >= count || parts[position] != collection)
                continue;

            level = at;
            named = position + 1 < count;
            if (named)
            {
                switch (at)
                {
                    case AttributeLevel.Study: study = parts[position + 1]; break;
                    case AttributeLevel.Series: series = parts[position + 1]; break;
                    default: sop = parts[position + 1]; break;
                }
            }

            position += named ? 2 : 1;
        }

        var rest = position < count ? string.Join('/', parts[position..]) : "";
        route = new DicomWebRoute(RequestKind.Other, study, series, sop, level);
        if (position == 0)
            return GoogleError.NotFound("No such DICOMweb resource.");

        if ((study ?? series ?? sop) is not null && new[] { study, series, sop }.Any(uid => uid is not null && !DicomUid.IsValid(uid)))
            return GoogleError.Invalid("A UID in the path is not valid.");

        // A path to a series or an instance must name its parents.
        var complete = (series is null || study is not null) && (sop is null || series is not null);
        if (!complete)
            return GoogleError.NotFound("No such DICOMweb resource.");

        RequestKind? kind = (method, named, rest) switch
        {
            ("GET" or "HEAD", false, "") => RequestKind.Search,
            ("GET" or "HEAD", true, "") => RequestKind.Retrieve,
            ("GET" or "HEAD", true, "metadata") => RequestKind.Metadata,
            ("DELETE", true, "") => RequestKind.Delete,
            ("POST", _, "") when level == AttributeLevel.Study => RequestKind.Store,
            _ => null,
        };
        route = route with { Kind = kind ?? RequestKind.Other };
        return kind is not null ? null
            : rest is "" ? GoogleError.Of(405)
            : IsImageOrBulkData(rest)
                ? GoogleError.Of(501, "The emulator does not have frames, rendered images and bulk data.")
            : GoogleError.NotFound("No such DICOMweb resource.");
    }

    private static bool IsImageOrBulkData(string rest) =>
        rest == "rendered"
        || rest.StartsWith("frames/", StringComparison.Ordinal)
        || rest.StartsWith("bulkdata/", StringComparison.Ordinal);
}
