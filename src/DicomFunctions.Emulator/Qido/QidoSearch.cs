using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.Qido;

/// <summary>Finds the matches of a query, in the order in which they were stored. A query by UID is a lookup, not a scan.</summary>
internal static class QidoSearch
{
    /// <summary>The rows of the answer, found as they are enumerated. An instance that is deleted meanwhile has no row.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Rows(DicomStore store, QidoQuery query, int? pageCap)
    {
        if (query.IsContradiction)
            return [];

        var rows = query.Level switch
        {
            AttributeLevel.Study => Page(Studies(store, query), query, pageCap).Select(study => RowOf(study, query)),
            AttributeLevel.Series => Page(Series(store, query), query, pageCap).Select(series => RowOf(series, query)),
            _ => Page(Instances(store, query), query, pageCap).Select(instance => RowOf(instance, query)),
        };
        return rows.Where(row => !row.IsEmpty);
    }

    private static IEnumerable<T> Page<T>(IEnumerable<T> matches, QidoQuery query, int? pageCap) =>
        matches.Skip(query.Offset).Take(Math.Min(query.Limit, pageCap ?? int.MaxValue));

    private static ReadOnlyMemory<byte> RowOf(StudyEntry study, QidoQuery query) =>
        query.HasDefaultFieldsOnly ? study.Row : IncludedFields.Row(study, query);

    private static ReadOnlyMemory<byte> RowOf(SeriesEntry series, QidoQuery query) =>
        query.HasDefaultFieldsOnly ? series.Row : IncludedFields.Row(series, query);

    private static ReadOnlyMemory<byte> RowOf(InstanceEntry instance, QidoQuery query) =>
        query.HasDefaultFieldsOnly ? instance.Row : IncludedFields.Row(instance, query);

    private static IEnumerable<StudyEntry> Studies(DicomStore store, QidoQuery query)
    {
        if (query.StudyUid is { } uid)
            return store.FindStudy(uid) is { } study && Matches(study, query) ? [study] : [];

        return Enumerate(store.Studies).Where(study => Matches(study, query));
    }

    private static IEnumerable<SeriesEntry> Series(DicomStore store, QidoQuery query)
    {
        var candidates = query.SeriesUid is { } uid
            ? store.FindSeries(uid).Where(series => IsIn(series, query))
            : Studies(store, query).SelectMany(study => Enumerate(study.Series.Items));
        return query.Modality is { } modality ? candidates.Where(series => series.Modality == modality) : candidates;
    }

    private static IEnumerable<InstanceEntry> Instances(DicomStore store, QidoQuery query)
    {
        if (query.SopUid is { } uid)
        {
            return store.FindInstances(uid).Where(instance =>
                (query.SeriesUid is null || instance.Series.Uid == query.SeriesUid)
                && (query.Modality is null || instance.Series.Modality == query.Modality)
                && IsIn(instance.Series, query));
        }

        return Series(store, query).SelectMany(series => Enumerate(series.Instances.Items));
    }

    private static bool IsIn(SeriesEntry series, QidoQuery query) =>
        (query.StudyUid is null || series.Study.Uid == query.StudyUid) && Matches(series.Study, query);

    private static bool Matches(StudyEntry study, QidoQuery query)
    {
        var attributes = study.Attributes;
        var (patient, physician) = (query.PatientName, query.ReferringPhysicianName);
        return (query.PatientId is null || attributes.PatientId == query.PatientId)
            && (query.AccessionNumber is null || attributes.AccessionNumber == query.AccessionNumber)
            && (query.StudyDate is null || query.StudyDate.Contains(attributes.StudyDate))
            && (physician is null || PersonNameMatch.IsExact(attributes.ReferringPhysicianName, physician))
            && (patient is null || (query.FuzzyMatching
                ? PersonNameMatch.IsFuzzy(attributes.PatientName, patient)
                : PersonNameMatch.IsExact(attributes.PatientName, patient)));
    }

    private static IEnumerable<T> Enumerate<T>(ReadOnlyMemory<T> items)
    {
        for (var i = 0; i < items.Length; i++)
            yield return items.Span[i];
    }
}
