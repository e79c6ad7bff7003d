using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Properties;

/// <summary>Columns come, go, move and widen; partitioning and order change.</summary>
sealed partial class Operations
{
    static readonly DataType[] NewTypes =
    [
        DataType.Int, DataType.Long, DataType.String, DataType.Double, DataType.Float, DataType.Date, DataType.Boolean, DataType.Timestamp, DataType.TimestampTz, DataType.Time,
        DataType.Decimal(8, 3), DataType.Decimal(20, 1), DataType.Uuid, DataType.Binary, DataType.Fixed(3),
    ];

    Operation Evolve(LakeStep step)
    {
        var columns = model.Schema.ToList();
        var chosen = columns[step.B % columns.Count];
        var place = columns.IndexOf(chosen);
        // Names of columns that were dropped come back with other ids.
        var name = Enumerable.Range(step.B % 3, columns.Count + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"extra{i}")).First(candidate => columns.TrueForAll(column => column.Name != candidate));
        switch (step.A % 5)
        {
            case 0:
                var added = new ColumnSchema(++model.LastColumnId, name, NewTypes[step.B % NewTypes.Length]);
                var first = step.A % 2 == 0;
                columns.Insert(first ? 0 : columns.Count, added);
                return Change(columns, evolution => evolution.AddColumn(name, added.Type, first ? ColumnPosition.First : null));
            case 1 when chosen.Name != LakeMachine.KeyColumn:
                columns.RemoveAt(place);
                return Change(columns, evolution => evolution.DropColumn(chosen.Name), mayBeInUse: true);
            case 2 when chosen.Name != LakeMachine.KeyColumn:
                columns[place] = chosen with { Name = name };
                return Change(columns, evolution => evolution.RenameColumn(chosen.Name, name));
            case 3 when place > 0:
                columns.RemoveAt(place);
                columns.Insert(0, chosen);
                return Change(columns, evolution => evolution.MoveColumn(chosen.Name, ColumnPosition.First));
            case 4 when Wider(chosen.Type) is { } wider:
                columns[place] = chosen with { Type = wider };
                return Change(columns, evolution => evolution.WidenColumn(chosen.Name, wider));
            default:
                return Operation.Nothing;
        }
    }

    static DataType? Wider(DataType type) => type.Kind switch
    {
        TypeKind.Int => DataType.Long,
        TypeKind.Float => DataType.Double,
        TypeKind.Decimal when type.Precision < 30 => DataType.Decimal(type.Precision + 9, type.Scale),
        _ => null,
    };

    static Operation Change(List<ColumnSchema> columns, Action<TableEvolution> describe, bool mayBeInUse = false)
    {
        var isRefused = false;
        return new Operation(async table =>
        {
            isRefused = false;
            await table.RefreshAsync();
            try
            {
                await table.EvolveAsync(describe);
            }
            catch (EvolutionException e) when (mayBeInUse && (e.Message.Contains("partition field", StringComparison.Ordinal) || e.Message.Contains("sort order", StringComparison.Ordinal)))
            {
                isRefused = true;
            }
            return null;
        })
        { Columns = columns, IsDone = table => IsSame(table.Columns, columns), MayDoNothing = () => isRefused };
    }

    public static bool IsSame(IEnumerable<ColumnSchema> one, IEnumerable<ColumnSchema> other) => one.Select(column => (column.FieldId, column.Name, column.Type)).SequenceEqual(other.Select(column => (column.FieldId, column.Name, column.Type)));

    /// <summary>Another partition field, one less, or another order; rows stay what they are.</summary>
    Operation Rearrange(LakeStep step)
    {
        var columns = model.Schema;
        var key = Key.Name;
        var other = columns[step.B % columns.Count];
        return new Operation(async table =>
        {
            await table.RefreshAsync();
            var fields = table.Partitioning.Fields;
            var (column, transform) = other.Type.Kind switch
            {
                TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz => (other.Name, step.A % 2 == 0 ? "month" : "year"),
                TypeKind.Int or TypeKind.Long => (other.Name, "truncate[10]"),
                TypeKind.String when other.Name != key => (other.Name, "identity"),
                _ => (key, "bucket[2]"),
            };
            if (step.A % 3 == 0) await table.EvolveAsync(evolution => evolution.SortBy(step.A % 2 == 0 ? [] : [new SortKey(other.Name, Ascending: step.B % 2 == 0), new SortKey(key)]));
            else if (step.A % 3 == 1 && fields.Count > 0) await table.EvolveAsync(evolution => evolution.RemovePartitionField(fields[step.B % fields.Count].Name));
            else if (fields.Count < 3 && fields.All(field => columns.First(known => known.FieldId == field.SourceId).Name != column))
                await table.EvolveAsync(evolution => evolution.AddPartitionField(column, transform));
            return null;
        });
    }
}
