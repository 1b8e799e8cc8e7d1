using Spectre.Console;

namespace DicomFunctions.Local.Output;

/// <summary>A table of plain text.</summary>
internal static class TextTable
{
    /// <param name="columns">The names of the columns; all empty for none.</param>
    /// <param name="rows">The rows.</param>
    public static void Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { ShowHeaders = columns.Any(column => column.Length > 0) }.Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = Console.IsOutputRedirected });
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Printable.Of(cell))));
        Terminal.Output().Write(table);
    }
}
