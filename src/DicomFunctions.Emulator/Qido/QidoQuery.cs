using System.Globalization;
using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Emulator.Qido;

/// <summary>A search (PS3.18 §10.6), within the limits of Cloud Healthcare. A filter that is null does not apply.</summary>
internal sealed record QidoQuery
{
    public const int MaxOffset = 1_000_000;
    private const uint FirstOfDataSet = 0x00080000;

    public required AttributeLevel Level { get; init; }

    public string? StudyUid { get; private set; }

    public string? SeriesUid { get; private set; }

    public string? SopUid { get; private set; }

    public string? PatientName { get; private set; }

    public string? PatientId { get; private set; }

    public string? AccessionNumber { get; private set; }

    public string? ReferringPhysicianName { get; private set; }

    public string? Modality { get; private set; }

    public DateRange? StudyDate { get; private set; }

    public bool FuzzyMatching { get; private set; }

    public bool IncludeAll { get; private set; }

    public HashSet<uint> Include { get; } = [];

    public int Limit { get; private set; }

    public int Offset { get; private set; }

    /// <summary>Whether the path and the query name different entities, so that nothing can match.</summary>
    public bool IsContradiction { get; private set; }

    /// <summary>Whether the answer consists of the rows that were rendered when the instances were stored.</summary>
    public bool HasDefaultFieldsOnly => !IncludeAll && Include.Count == 0;

    public static int DefaultLimit(AttributeLevel level) => level == AttributeLevel.Instance ? 1_000 : 100;

    public static int MaxLimit(AttributeLevel level) => level == AttributeLevel.Instance ? 50_000 : 5_000;

    /// <summary>
    /// Parses the query of <c>/studies</c>, <c>/series</c> or <c>/instances</c>; returns the error to answer if it is invalid.
    /// </summary>
    public static GoogleError? Parse(
        AttributeLevel level, string? studyUid, string? seriesUid, string? queryString, bool clampLimits, out QidoQuery query)
    {
        query = new QidoQuery { Level = level, StudyUid = studyUid, SeriesUid = seriesUid, Limit = DefaultLimit(level) };
        HashSet<string>? seen = null;
        foreach (var pair in new QueryStringEnumerable(queryString))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (name != "includefield" && !(seen ??= new(StringComparer.Ordinal)).Add(name))
                return GoogleError.Invalid($"Query parameter \"{Shown(name)}\" is given more than once.");

            var error = name switch
            {
                "limit" => query.SetLimit(value, clampLimits),
                "offset" => query.SetOffset(value),
                "fuzzymatching" => query.SetFuzzyMatching(value),
                "includefield" => query.AddIncludes(value),
                _ => query.SetFilter(name, value),
            };
            if (error is not null)
                return error;
        }

        return null;
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private static string? Both(string? present, string value, ref bool contradiction)
    {
        contradiction |= present is not null && present != value;
        return value;
    }

    private GoogleError? SetLimit(string value, bool clamp)
    {
        var max = MaxLimit(Level);
        if (!int.TryParse(value, NumberStyles.None, null, out var limit) || limit < 1 || (limit > max && !clamp))
            return GoogleError.Invalid($"limit must be a number from 1 to {max}.");

        Limit = Math.Min(limit, max);
        return null;
    }

    private GoogleError? SetOffset(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, null, out var offset) || offset > MaxOffset)
            return GoogleError.Invalid($"offset must be a number from 0 to {MaxOffset}.");

        Offset = offset;
        return null;
    }

    private GoogleError? SetFuzzyMatching(string value)
    {
        FuzzyMatching = value == "true";
        return value is "true" or "false" ? null : GoogleError.Invalid("fuzzymatching must be true or false.");
    }

    private GoogleError? AddIncludes(string value)
    {
        foreach (var field in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (field == "all")
                IncludeAll = true;
            else if (TagOf(field) is { } tag && CanInclude(tag))
                Include.Add(tag);
            else
                return GoogleError.Invalid($"includefield \"{Shown(field)}\" is not supported at this level.");
        }

        return null;
    }

    /// <summary>A search never returns bulk data; file meta information is not part of the data set.</summary>
    private bool CanInclude(uint tag) =>
        tag >= FirstOfDataSet && !DicomDictionary.VrOf(tag).IsBulk()
        && (AttributeLevels.Of(tag) <= Level || SearchFields.StudyComputed.ContainsKey(tag) || tag == Tags.TimezoneOffsetFromUtc);

    /// <summary>
    /// The tag of a standard attribute, given by keyword or as eight hex digits (PS3.18 §8.3.1.1); null if there is no such attribute.
    /// </summary>
    private static uint? TagOf(string keywordOrTag) =>
        keywordOrTag.Length == 8 && uint.TryParse(keywordOrTag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag)
            ? DicomDictionary.Find(tag)?.Tag
            : DicomDictionary.Find(keywordOrTag)?.Tag;

    private GoogleError? SetFilter(string name, string value)
    {
        var tag = TagOf(name);
        var lowest = tag switch
        {
            Tags.StudyInstanceUid or Tags.PatientName or Tags.PatientId or Tags.AccessionNumber or Tags.ReferringPhysicianName
                or Tags.StudyDate => AttributeLevel.Study,
            Tags.SeriesInstanceUid or Tags.Modality => AttributeLevel.Series,
            Tags.SopInstanceUid => AttributeLevel.Instance,
            _ => (AttributeLevel?)null,
        };
        if (lowest is null || lowest > Level)
            return GoogleError.Invalid($"Query parameter \"{Shown(name)}\" is not supported at this level.");

        if (value.Length == 0)
            return GoogleError.Invalid($"Query parameter \"{Shown(name)}\" has no value.");

        var contradiction = IsContradiction;
        switch (tag)
        {
            case Tags.StudyInstanceUid: StudyUid = Both(StudyUid, value, ref contradiction); break;
            case Tags.SeriesInstanceUid: SeriesUid = Both(SeriesUid, value, ref contradiction); break;
            case Tags.SopInstanceUid: SopUid = value; break;
            case Tags.PatientName: PatientName = value; break;
            case Tags.PatientId: PatientId = value; break;
            case Tags.AccessionNumber: AccessionNumber = value; break;
            case Tags.ReferringPhysicianName: ReferringPhysicianName = value; break;
            case Tags.Modality: Modality = value; break;
            default:
                StudyDate = DateRange.Parse(value);
                return StudyDate is null ? GoogleError.Invalid("StudyDate must be YYYYMMDD or YYYYMMDD-YYYYMMDD.") : null;
        }

        IsContradiction = contradiction;
        return tag is Tags.StudyInstanceUid or Tags.SeriesInstanceUid or Tags.SopInstanceUid && !DicomUid.IsValid(value)
            ? GoogleError.Invalid($"{name} is not a valid UID.")
            : null;
    }
}
