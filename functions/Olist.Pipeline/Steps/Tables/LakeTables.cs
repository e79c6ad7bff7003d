using System.Collections.Concurrent;
using System.Globalization;
using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;

namespace Olist.Pipeline.Steps.Tables;

/// <summary>The tables of <see cref="TableCatalog"/> in a lake, made when they are first needed.</summary>
public sealed class LakeTables(LakeCatalog catalog)
{
    /// <summary>What a batch run over some thousand new messages adds to a table.</summary>
    const string PlainRows = "8000";

    static readonly ConcurrentDictionary<string, TableDefinition> Definitions = new();

    public LakeCatalog Catalog { get; } = catalog;

    /// <summary>The table at its head now, or <see langword="null"/> when nothing has been written to it yet.</summary>
    public ValueTask<LakeTable?> FindAsync(string name, CancellationToken cancellationToken) => Catalog.FindTableAsync(TableName.Parse(name), cancellationToken);

    /// <summary>The table at its head now; made empty when it is not there.</summary>
    public ValueTask<LakeTable> EnsureAsync(string name, CancellationToken cancellationToken) =>
        Catalog.EnsureTableAsync(TableName.Parse(name), Definitions.GetOrAdd(name, Define), cancellationToken);

    /// <exception cref="ArgumentException">The catalogue has no such table.</exception>
    public static TableDefinition Define(string name)
    {
        var spec = TableCatalog.Find(name) ?? throw new ArgumentException($"{name} is no table of this system.", nameof(name));
        return new TableDefinition([.. spec.TableColumns.Select(ColumnOf)])
        {
            Key = spec.Layer == Layer.Bronze ? [] : spec.Key,
            Partitioning = spec.Partitioning,
            SortOrder = spec.SortOrder,
            Properties = Properties(spec),
        };
    }

    /// <summary>Everything is UTC, so only the time of ingestion, which is about this system and not about orders, carries a zone: SQL without a session zone then reads what is meant.</summary>
    static ColumnSchema ColumnOf(ColumnSchema column) =>
        column.Type.Kind == TypeKind.TimestampTz && column.Name != "ingest_time" ? column with { Type = DataType.Timestamp } : column;

    /// <summary>Look-ups by id skip row groups by their bloom filters: small groups, so that those with recent rows are few, and sure filters, so that thousands of keys do not find one by chance.</summary>
    static Dictionary<string, string> Properties(TableSpec spec)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { [TableProperties.PlainRows] = PlainRows };
        foreach (var column in spec.LookupColumns)
        {
            properties[TableProperties.BloomFilterPrefix + column] = "true";
            properties[TableProperties.BloomFilterFppPrefix + column] = "0.000001";
        }
        if (spec.RowGroupBytes is { } bytes) properties[TableProperties.RowGroupBytes] = bytes.ToString(CultureInfo.InvariantCulture);
        return properties;
    }
}
