namespace Olist.Formats.Columns;

/// <summary>Builds a <see cref="StructColumn"/>: append one value to each field, then call <see cref="Append"/>.</summary>
public sealed class StructBuilder(DataType type, int capacity = 64) : ColumnBuilder(type)
{
    public IReadOnlyList<ColumnBuilder> Fields { get; } = type.Children.Select(field => Create(field.Type, capacity)).ToArray();

    /// <summary>Makes a row of the values that the fields got.</summary>
    public void Append() => Count++;

    public override void AppendNull()
    {
        foreach (var field in Fields) field.AppendNull();
        MarkNull(Count, Math.Max(capacity, 2 * Count + 2));
        Count++;
    }

    public override void AppendRange(Column source, int start, int count)
    {
        var structs = (StructColumn)source;
        for (var i = 0; i < Fields.Count; i++) Fields[i].AppendRange(structs.Fields[i], start, count);
        MarkNulls(source, start, count, Math.Max(capacity, 2 * (Count + count)));
        Count += count;
    }

    public override void Truncate(int count)
    {
        base.Truncate(count);
        foreach (var field in Fields)
            if (field.Count > count) field.Truncate(count);
    }

    public override Column Build() => new StructColumn(Type, Fields.Select(field => field.Build()).ToArray(), Count, TakeValidity(Count));
}

/// <summary>Builds a <see cref="ListColumn"/> or <see cref="MapColumn"/>: append entries, then call <see cref="Append"/>.</summary>
public sealed class RepeatedBuilder(DataType type, int capacity = 64) : ColumnBuilder(type)
{
    int[] _offsets = new int[Math.Max(capacity, 4) + 1];

    /// <summary>The elements; or keys and values.</summary>
    public IReadOnlyList<ColumnBuilder> Entries { get; } = type.Children.Select(child => Create(child.Type, capacity)).ToArray();

    /// <summary>Makes a row of the entries since the last one.</summary>
    public void Append()
    {
        if (Count + 1 == _offsets.Length) Array.Resize(ref _offsets, _offsets.Length * 2);
        _offsets[++Count] = Entries[0].Count;
    }

    public override void AppendNull()
    {
        Append();
        MarkNull(Count - 1, _offsets.Length);
    }

    public override void AppendRange(Column source, int start, int count)
    {
        var rows = (RepeatedColumn)source;
        if (Count + count >= _offsets.Length) Array.Resize(ref _offsets, Math.Max(Count + count + 1, _offsets.Length * 2));
        var from = rows.Offsets[start];
        var shift = _offsets[Count] - from;
        for (var i = 1; i <= count; i++) _offsets[Count + i] = checked(rows.Offsets[start + i] + shift);
        for (var i = 0; i < Entries.Count; i++)
            Entries[i].AppendRange(source is MapColumn map ? (i == 0 ? map.Keys : map.Values) : ((ListColumn)source).Elements, from, rows.Offsets[start + count] - from);
        MarkNulls(source, start, count, _offsets.Length);
        Count += count;
    }

    public override void Truncate(int count)
    {
        base.Truncate(count);
        foreach (var entries in Entries)
            if (entries.Count > _offsets[count]) entries.Truncate(_offsets[count]);
    }

    public override Column Build()
    {
        var validity = TakeValidity(_offsets.Length);
        return Type.Kind == TypeKind.Map
            ? new MapColumn(Type, _offsets, Entries[0].Build(), Entries[1].Build(), Count, validity)
            : new ListColumn(Type, _offsets, Entries[0].Build(), Count, validity);
    }
}
