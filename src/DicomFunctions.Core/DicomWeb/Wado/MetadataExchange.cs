using System.Globalization;
using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Rows;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Retrieves metadata (WADO-RS, PS3.18 §10.4.1.1.2): a data set for each instance, each taken once over all attempts.</summary>
internal sealed class MetadataExchange(Uri target, RetrieveRequest request, DicomWebOptions options, IDicomJsonSink sink)
    : RowExchange(target, DicomJsonLevel.Instance, options, sink)
{
    private readonly (DicomJsonLevel Level, string Keyword, byte[] Uid)[] _asked =
    [
        .. new (DicomJsonLevel, string, string?)[]
        {
            (DicomJsonLevel.Study, "StudyInstanceUID", request.StudyUid),
            (DicomJsonLevel.Series, "SeriesInstanceUID", request.SeriesUid),
            (DicomJsonLevel.Instance, "SOPInstanceUID", request.SopInstanceUid),
        }.Where(asked => asked.Item3 is not null).Select(asked => (asked.Item1, asked.Item2, Encoding.ASCII.GetBytes(asked.Item3!))),
    ];

    private readonly SeenRows _seen = new();
    private long _taken;
    private long _bytes;
    private string? _tooDeep;
    private string? _foreign;

    public override string Operation => "retrieve_metadata";

    /// <summary>Whether any data set was taken.</summary>
    public bool HasAny => _taken > 0;

    /// <summary>Which data set of the answer was left out, and why; null if none was.</summary>
    public string? LeftOut => _foreign ?? _tooDeep;

    /// <summary>Whether one was left out because it was not asked for.</summary>
    public bool HasForeign => _foreign is not null;

    protected override string TooManyBytes =>
        Text($"The answer is longer than {Options.MaxBytes} bytes; the rest was left out. Retrieve less, or raise DicomWeb:MaxBytes.");

    // A data set that is not of the request is none of its data sets, so another attempt may be without it.
    protected override void Begin(HttpResponseMessage response) => _foreign = null;

    protected override bool Takes(ReadOnlySpan<byte> row, in DicomJsonRow found, out string? refusal)
    {
        refusal = null;
        if (WhyForeign(row, found.Uids) is { } reason)
        {
            _foreign ??= reason;
            return false;
        }

        if (!_seen.Add(DicomJsonRowKey.Of(row, found.Uids, DicomJsonLevel.Instance)))
            return false;
        _taken++;
        if (found.IsTooDeep)
        {
            _tooDeep ??= Text(
                $"A data set of the answer is nested more than {DicomJsonRowScanner.MaxDepth} levels deep and was left out.");
            return false;
        }

        _bytes += row.Length;
        refusal = _taken > Options.MaxRows
            ? Text($"The answer has more than {Options.MaxRows} data sets; the others were left out. Raise DicomWeb:MaxRows.")
            : _bytes > Options.MaxBytes ? TooManyBytes : null;
        return true;
    }

    /// <summary>Why a data set is not of the request; null if it is. Names no UID, which may be another patient's.</summary>
    private string? WhyForeign(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids)
    {
        Span<byte> buffer = stackalloc byte[256];
        foreach (var (level, keyword, asked) in _asked)
        {
            var written = row[uids.Of(level)];
            var uid = written.Length <= buffer.Length ? DicomJsonUid.Meaning(written, buffer) : written;
            if (uid.IsEmpty)
                return $"A data set of the answer has no {keyword} and was left out.";
            if (!uid.SequenceEqual(asked))
                return $"A data set of the answer has another {keyword} than the one asked for and was left out.";
        }

        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
