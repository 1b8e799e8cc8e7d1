using System.Collections.Frozen;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.Qido;

/// <summary>Renders rows with more than the default fields. Attributes are read from the file; counts and the like are computed.</summary>
internal static class IncludedFields
{
    private static readonly FrozenSet<uint> AllOfStudy = AttributeLevels.Study.Concat(SearchFields.Study).ToFrozenSet();

    private static readonly FrozenSet<uint> AllOfSeries = AttributeLevels.Series.Concat(SearchFields.Series).ToFrozenSet();

    public static byte[] Row(StudyEntry study, QidoQuery query)
    {
        var wanted = query.IncludeAll ? AllOfStudy : (IReadOnlySet<uint>)SearchFields.Study.Concat(query.Include).ToHashSet();
        return study.Series.Items.Span is [var series, ..] && series.Instances.Items.Span is [var instance, ..]
            ? Render(instance, wanted, Computed(study, wanted))
            : [];
    }

    public static byte[] Row(SeriesEntry series, QidoQuery query)
    {
        var wanted = query.IncludeAll
            ? query.Include.Count == 0 ? AllOfSeries : AllOfSeries.Concat(query.Include).ToHashSet()
            : (IReadOnlySet<uint>)SearchFields.Series.Concat(query.Include).ToHashSet();
        return series.Instances.Items.Span is [var instance, ..] ? Render(instance, wanted, Computed(series, wanted)) : [];
    }

    public static byte[] Row(InstanceEntry instance, QidoQuery query)
    {
        var wanted = SearchFields.Instance.Concat(query.Include).ToHashSet();
        return Render(instance, query.IncludeAll ? null : wanted, Computed(instance.Series, wanted));
    }

    /// <summary>The metadata of an instance: every attribute but bulk data. Empty if the instance has been deleted.</summary>
    public static byte[] Metadata(InstanceEntry instance) => Render(instance, null, SearchFields.SeriesComputed.ToDictionary());

    private static byte[] Render(InstanceEntry instance, IReadOnlySet<uint>? wanted, Dictionary<uint, DicomJsonValue> computed)
    {
        try
        {
            using var file = instance.Content.OpenRead();
            var (attributes, _) = DicomAttributes.Read(file, tag => wanted?.Contains(tag) ?? true);
            return attributes.Render(wanted ?? attributes.AllTags, computed);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted since the search found it.
            return [];
        }
    }

    private static Dictionary<uint, DicomJsonValue> Computed(StudyEntry study, IReadOnlySet<uint> wanted)
    {
        var computed = SearchFields.StudyComputed.ToDictionary();
        var series = study.Series.Items.ToArray();
        Add(Tags.NumberOfStudyRelatedSeries, () => new DicomJsonValue(series.Length));
        Add(Tags.NumberOfStudyRelatedInstances, () => new DicomJsonValue(series.Sum(one => (long)one.Instances.Count)));
        Add(Tags.ModalitiesInStudy, () => new DicomJsonValue(Vr.CS, Distinct(series.Select(one => one.Modality))));
        Add(Tags.SopClassesInStudy, () => new DicomJsonValue(
            Vr.UI, Distinct(series.SelectMany(one => one.Instances.Items.ToArray()).Select(instance => instance.SopClassUid))));
        return computed;

        void Add(uint tag, Func<DicomJsonValue> value)
        {
            if (wanted.Contains(tag))
                computed[tag] = value();
        }
    }

    private static Dictionary<uint, DicomJsonValue> Computed(SeriesEntry series, IReadOnlySet<uint> wanted)
    {
        var computed = Computed(series.Study, wanted);
        if (!wanted.Contains(Tags.InstanceAvailability))
            computed.Remove(Tags.InstanceAvailability);

        if (wanted.Contains(Tags.NumberOfSeriesRelatedInstances))
            computed[Tags.NumberOfSeriesRelatedInstances] = new DicomJsonValue(series.Instances.Count);

        return computed;
    }

    private static string[] Distinct(IEnumerable<string> values) =>
        [.. values.Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
