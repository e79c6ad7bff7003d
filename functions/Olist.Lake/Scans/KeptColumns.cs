using Olist.Formats.Columns;
using Olist.Lake.Manifests;

namespace Olist.Lake.Scans;

/// <summary>Columns of row groups that are kept in memory because they will be asked for again: of groups that look-ups hit all over, and of what was just written to a table that rows are looked up in.</summary>
/// <remarks>Data files never change and are never named twice, so what is kept is what lies in the file. The oldest used go first (<see cref="LakeOptions.LookupCacheBytes"/>).</remarks>
sealed class KeptColumns(TableContext table)
{
    /// <summary>A column that shares the dictionary of a large one would hold on to all of it.</summary>
    const long MostBytesPerRow = 256;

    /// <summary>What more are written at once is no small change to a table, and would push out what is kept of others.</summary>
    const int MostRows = 16 << 10;

    string Sought => table.Files.Locations.TableKey + "#sought";

    /// <summary>Says that rows of the table are looked up: what is written to it from now on is kept.</summary>
    public void Seek()
    {
        if (table.Places.Find<object>(Sought) is null) table.Places.Put(Sought, Sought, 0);
    }

    public Column? Find(DataFile file, int rowGroup, ColumnSchema column) => table.Places.Find<Column>(ParquetFiles.NameOfColumns(file, rowGroup, [column]));

    /// <summary>All of the columns, or null when one of them is not kept.</summary>
    public RowBatch? FindAll(DataFile file, int rowGroup, IReadOnlyList<ColumnSchema> columns, int rows)
    {
        var kept = new Column[columns.Count];
        for (var i = 0; i < kept.Length; i++)
        {
            if (Find(file, rowGroup, columns[i]) is not { } column) return null;
            kept[i] = column;
        }
        return new RowBatch(columns, kept, rows);
    }

    /// <summary>Whether rows of the group were asked for before: events of old orders are few, but come with every batch, and for one row a page of each column is decoded, and its dictionary.</summary>
    public bool IsAskedAgain(DataFile file, int rowGroup)
    {
        var asked = ParquetFiles.NameOfColumns(file, rowGroup, []) + "asked";
        if (table.Places.Find<object>(asked) is not null) return true;
        table.Places.Put(asked, asked, 0);
        return false;
    }

    public void Keep(DataFile file, int rowGroup, ColumnSchema column, Column values)
    {
        if (values.MemoryBytes is { } bytes) table.Places.Put(ParquetFiles.NameOfColumns(file, rowGroup, [column]), values, bytes);
    }

    /// <summary>Whether what is written to the table now is kept: when rows of it are looked up, and it is no large change.</summary>
    public bool IsKeptAsWritten(int rows) => rows <= MostRows && table.Places.Find<object>(Sought) is not null;

    /// <summary>Keeps the rows of a file of one row group that was just written, when rows of its table are looked up: who changes rows looks for the newest ones most.</summary>
    public void KeepWritten(DataFile file, RowBatch rows)
    {
        if (!IsKeptAsWritten(rows.RowCount)) return;
        for (var i = 0; i < rows.Schema.Count; i++)
            if (rows.Columns[i].MemoryBytes is { } bytes && bytes <= MostBytesPerRow * (rows.RowCount + 64)) Keep(file, 0, rows.Schema[i], rows.Columns[i]);
    }
}
