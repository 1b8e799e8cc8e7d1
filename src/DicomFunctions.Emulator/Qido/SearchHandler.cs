using DicomFunctions.Emulator.Answers;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Qido;

/// <summary>QIDO-RS (PS3.18 §10.6): answers with rows of the store, or with generated ones if these are set.</summary>
internal sealed class SearchHandler(FaultInjector faults, bool clampLimits)
{
    /// <summary>
    /// Answers 200 with the rows, 204 if there are none, 400 to a query that Google does not support. <paramref name="pageCap"/> is the
    /// most rows of one answer, whatever the query asks for.
    /// </summary>
    public Task HandleAsync(HttpContext context, DicomStore store, AttributeLevel level, string? studyUid, string? seriesUid, int? pageCap)
    {
        if (!Accepts.DicomJson(context.Request))
            return context.WriteErrorAsync(GoogleError.Of(406));

        var error = QidoQuery.Parse(level, studyUid, seriesUid, context.Request.QueryString.Value, clampLimits, out var query);
        if (error is not null)
            return context.WriteErrorAsync(error);

        var rows = faults.SyntheticOf(store.Name.Path) is { } synthetic
            ? SyntheticRows.Of(synthetic, query, pageCap)
            : QidoSearch.Rows(store, query, pageCap);
        return RowStream.WriteAsync(context, rows);
    }
}
