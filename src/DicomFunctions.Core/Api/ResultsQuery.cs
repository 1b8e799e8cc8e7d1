using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>How to write a job's records: <c>format</c>, <c>columns</c> and <c>raw</c>, in a query or on the command line.</summary>
/// <param name="Format">The format.</param>
/// <param name="Columns">The columns of a table; empty for all.</param>
/// <param name="IsRaw">Whether CSV keeps text that a spreadsheet would run as a formula.</param>
internal sealed record ResultsQuery(ResultFormat Format, IReadOnlyList<string> Columns, bool IsRaw)
{
    /// <summary>Reads a query; without <c>format</c>, the <c>Accept</c> header decides.</summary>
    /// <exception cref="BadRequestException">A value is invalid, or does not go with the format.</exception>
    public static ResultsQuery Read(HttpRequest request, bool isRaw)
    {
        ResultFormat format;
        if ((string?)request.Query["format"] is not { } name)
            format = ResultFormats.Accepted(request, orTable: true);
        else if (!ResultFormats.TryParse(name, out format))
            throw new BadRequestException($"format must be {ResultFormats.Names}.", "format");
        var query = new ResultsQuery(format, ColumnsOf(request.Query["columns"]), isRaw);
        return query.Problem is not { } problem ? query : throw new BadRequestException($"{problem.Key} {problem.Text}", problem.Key);
    }

    /// <summary>The names of a list with commas.</summary>
    public static IReadOnlyList<string> ColumnsOf(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>An option that does not go with the format, and why; null if all do.</summary>
    public (string Key, string Text)? Problem =>
        Columns.Count > 0 && !Format.IsTable() ? ("columns", "is for csv and parquet only.")
        : IsRaw && Format != ResultFormat.Csv ? ("raw", "is for csv only.")
        : null;
}
