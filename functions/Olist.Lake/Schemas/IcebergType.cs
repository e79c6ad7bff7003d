using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>The type of a field. Nested types are kept in metadata; rows of them are neither read nor written.</summary>
public abstract record IcebergType
{
    private protected IcebergType() { }

    /// <summary>Every id in the type, nested ones included.</summary>
    internal virtual IEnumerable<int> Ids() => [];
}

public sealed record PrimitiveType(DataType Type) : IcebergType;

public sealed record StructType(IReadOnlyList<NestedField> Fields) : IcebergType
{
    internal override IEnumerable<int> Ids() => Fields.SelectMany(field => field.Type.Ids().Prepend(field.Id));
}

public sealed record ListType(int ElementId, IcebergType Element, bool ElementRequired) : IcebergType
{
    internal override IEnumerable<int> Ids() => Element.Ids().Prepend(ElementId);
}

public sealed record MapType(int KeyId, IcebergType Key, int ValueId, IcebergType Value, bool ValueRequired) : IcebergType
{
    internal override IEnumerable<int> Ids() => Key.Ids().Prepend(KeyId).Concat(Value.Ids().Prepend(ValueId));
}

/// <summary>A field of a table or of a struct.</summary>
public sealed record NestedField(int Id, string Name, bool Required, IcebergType Type, string? Doc = null);
