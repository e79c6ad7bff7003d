using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>The type of a field. Rows of nested types are read, but not written.</summary>
public abstract record IcebergType
{
    private protected IcebergType() { }

    /// <summary>Every id in the type, nested ones included.</summary>
    internal virtual IEnumerable<int> Ids() => [];

    /// <summary>What it is in memory.</summary>
    internal abstract DataType InMemory { get; }
}

public sealed record PrimitiveType(DataType Type) : IcebergType
{
    internal override DataType InMemory => Type;
}

public sealed record StructType(IReadOnlyList<NestedField> Fields) : IcebergType
{
    internal override IEnumerable<int> Ids() => Fields.SelectMany(field => field.Type.Ids().Prepend(field.Id));

    internal override DataType InMemory => DataType.Struct([.. Fields.Select(child => child.Column)]);
}

public sealed record ListType(int ElementId, IcebergType Element, bool ElementRequired) : IcebergType
{
    internal override IEnumerable<int> Ids() => Element.Ids().Prepend(ElementId);

    internal override DataType InMemory => DataType.List(new ColumnSchema(ElementId, "element", Element.InMemory, ElementRequired));
}

public sealed record MapType(int KeyId, IcebergType Key, int ValueId, IcebergType Value, bool ValueRequired) : IcebergType
{
    internal override IEnumerable<int> Ids() => Key.Ids().Prepend(KeyId).Concat(Value.Ids().Prepend(ValueId));

    internal override DataType InMemory => DataType.Map(new ColumnSchema(KeyId, "key", Key.InMemory, Required: true), new ColumnSchema(ValueId, "value", Value.InMemory, ValueRequired));
}

/// <summary>A field of a table or of a struct.</summary>
public sealed record NestedField(int Id, string Name, bool Required, IcebergType Type, string? Doc = null)
{
    internal ColumnSchema Column => new(Id, Name, Type.InMemory, Required);
}
