using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Tables in one look. Cells are texts, never markup.</summary>
internal static class Tables
{
    public static Table Create(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            // A leading '>' aligns to the right. Numbers, and the ids in the first column, are useless in pieces.
            var right = column.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(right ? column[1..] : column, new Style(decoration: Decoration.Bold))) { NoWrap = right || table.Columns.Count == 0, Alignment = right ? Justify.Right : Justify.Left });
        }

        return table;
    }

    public static void AddTexts(this Table table, params string?[] cells) =>
        table.AddRow(cells.Select(cell => new Text(PlainText.Clean(cell) is { Length: > 0 } text ? text : Figures.Unknown)));

    /// <summary>Names and values below each other; what has no value is left out.</summary>
    public static Grid CreateList(IEnumerable<(string Name, string? Value)> lines)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in lines)
        {
            if (!string.IsNullOrEmpty(value) && value != Figures.Unknown)
            {
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(PlainText.Clean(value)));
            }
        }

        return grid;
    }
}
