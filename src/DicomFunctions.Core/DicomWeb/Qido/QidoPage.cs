using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb.Rows;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>Requests one page of a search and reads its rows as they arrive.</summary>
internal sealed class QidoPage(QidoSearch search, Uri target, DicomWebOptions options, IDicomJsonSink sink)
    : RowExchange(target, search.Level, options, sink)
{
    private long _wanted;

    public override string Operation => "search";

    /// <summary>The number of rows in the answer, including those already known.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of new rows in the answer, in the successful attempt and those before it.</summary>
    public long NewRows { get; private set; }

    /// <summary>The number of rows that an earlier page, or this one, had already returned.</summary>
    public long RepeatedRows => Math.Max(0, _wanted - NewRows);

    /// <summary>Whether the server says that it has more rows.</summary>
    public bool HasMore { get; private set; }

    protected override string TooManyBytes => search.TooManyBytes();

    protected override void Begin(HttpResponseMessage response)
    {
        (Rows, _wanted) = (0, 0);
        // 206: older archives use it when there are more rows.
        HasMore = (int)response.StatusCode == 206
            || response.Headers.Warning.Any(warning => warning.Text.Contains("additional results", StringComparison.OrdinalIgnoreCase));
    }

    protected override bool Takes(ReadOnlySpan<byte> row, in DicomJsonRow found, out string? refusal)
    {
        refusal = null;
        Rows++;
        if (search.IsFull)
            return false;
        _wanted++;
        if (!search.TryTake(row, found.Uids))
            return false;
        NewRows++;
        if (found.IsTooDeep)
        {
            search.LeaveOut(row, found.Uids);
            return false;
        }

        refusal = search.Excess(row.Length);
        return true;
    }
}
