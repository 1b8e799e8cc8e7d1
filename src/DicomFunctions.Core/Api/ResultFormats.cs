using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>The names and media types of <see cref="ResultFormat"/>.</summary>
internal static class ResultFormats
{
    /// <summary>The names, as an option offers them.</summary>
    public const string Names = "csv, parquet, ndjson or json";

    private static readonly ResultFormat[] All = Enum.GetValues<ResultFormat>();

    public static bool TryParse(string name, out ResultFormat format)
    {
        format = Array.Find(All, one => one.Name() == name);
        return format.Name() == name;
    }

    /// <summary>The name, which is also the extension of a file.</summary>
    public static string Name(this ResultFormat format) => format switch
    {
        ResultFormat.Json => "json",
        ResultFormat.Csv => "csv",
        ResultFormat.Parquet => "parquet",
        _ => "ndjson",
    };

    public static bool IsTable(this ResultFormat format) => format is ResultFormat.Csv or ResultFormat.Parquet;

    public static string ContentType(this ResultFormat format) => format switch
    {
        ResultFormat.Csv => "text/csv; charset=utf-8; header=present",
        _ => format.MediaType(),
    };

    /// <summary>The format that <c>Accept</c> prefers; NDJSON if it names none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="orTable">Whether the answer can be a table.</param>
    public static ResultFormat Accepted(HttpRequest request, bool orTable)
    {
        foreach (var type in request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1))
        {
            foreach (var format in All.Where(format => orTable || !format.IsTable()))
            {
                if (type.MediaType.Equals(format.MediaType(), StringComparison.OrdinalIgnoreCase))
                    return format;
            }
        }

        return ResultFormat.Ndjson;
    }

    private static string MediaType(this ResultFormat format) => format switch
    {
        ResultFormat.Json => "application/json",
        ResultFormat.Csv => "text/csv",
        ResultFormat.Parquet => "application/vnd.apache.parquet",
        _ => "application/x-ndjson",
    };
}
