namespace Olist.Formats.Columns;

/// <summary>A column of structs: one column per field, each with as many rows as the structs.</summary>
/// <remarks>In a row whose struct is null, so is every field.</remarks>
public sealed class StructColumn : Column
{
    /// <exception cref="ArgumentException">The fields do not fit the type or each other.</exception>
    public StructColumn(DataType type, IReadOnlyList<Column> fields, int count, byte[]? validity = null) : base(type, count, validity)
    {
        if (type.Kind != TypeKind.Struct || type.Children.Count != fields.Count) throw new ArgumentException($"{fields.Count} columns are no {type}.", nameof(fields));
        if (fields.Any(field => field.Count != count)) throw new ArgumentException($"Fields of {string.Join(", ", fields.Select(field => field.Count))} rows in {count} structs.", nameof(fields));
        Fields = fields;
    }

    /// <summary>In the order of the type's children.</summary>
    public IReadOnlyList<Column> Fields { get; }

    private protected override Column GatherRows(ReadOnlySpan<int> rows)
    {
        var gathered = new Column[Fields.Count];
        for (var i = 0; i < gathered.Length; i++) gathered[i] = Fields[i].Gather(rows);
        return new StructColumn(Type, gathered, rows.Length, GatherValidity(rows));
    }
}
