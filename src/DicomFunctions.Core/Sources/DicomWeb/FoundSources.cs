using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>Collects what a search finds, as sources.</summary>
/// <param name="reference">What was searched.</param>
/// <param name="level">What was searched for.</param>
internal sealed class FoundSources(DicomWebReference reference, QidoLevel level) : IDicomJsonSink
{
    public List<SourceItem> Items { get; } = [];

    /// <summary>The number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of rows without valid UIDs.</summary>
    public long Nameless { get; private set; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
    {
        var uids = DicomJsonUids.Read(dataset.Span);
        // Servers may leave out what was asked for.
        var (study, series, sopInstance) = (uids.Study ?? reference.Study, uids.Series ?? reference.Series, uids.SopInstance);
        if (level == QidoLevel.Studies)
            series = null;
        if (level != QidoLevel.Instances)
            sopInstance = null;
        Rows++;
        if (DicomUid.IsValid(study)
            && (level == QidoLevel.Studies || DicomUid.IsValid(series)) && (level != QidoLevel.Instances || DicomUid.IsValid(sopInstance)))
        {
            Items.Add(new(reference.At(study!, series, sopInstance).ToString(), IsPattern: level != QidoLevel.Instances));
        }
        else
        {
            Nameless++;
        }

        return ValueTask.CompletedTask;
    }
}
