using System.Data.Common;
using DuckDB.NET.Data;

namespace DicomFunctions.Core.Tests.Tables;

/// <summary>DuckDB, an independent reader of Parquet and CSV.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDb() => _connection.Open();

    /// <summary>The rows of a query.</summary>
    public List<object?[]> Query(string sql)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(field => reader.IsDBNull(field) ? null : reader.GetValue(field))]);
        return rows;
    }

    /// <summary>The rows of a query whose columns are cast to text.</summary>
    public List<string?[]> Texts(string sql) =>
        [.. Query($"SELECT COLUMNS(*)::VARCHAR FROM ({sql})").Select(row => row.Select(value => (string?)value).ToArray())];

    /// <summary>The names and types of a query's columns.</summary>
    public List<(string Name, string Type)> Columns(string sql) =>
        [.. Query($"DESCRIBE {sql}").Select(row => ((string)row[0]!, (string)row[1]!))];

    public void Dispose() => _connection.Dispose();

    private DbCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
