namespace Olist.Formats.Columns;

/// <summary>The types of an Iceberg v2 table, which are also those of every batch in memory.</summary>
public enum TypeKind
{
    Boolean, Int, Long, Float, Double,
    /// <summary>Days since 1970-01-01.</summary>
    Date,
    /// <summary>Microseconds since midnight.</summary>
    Time,
    /// <summary>Microseconds since 1970-01-01T00:00, of no zone.</summary>
    Timestamp,
    /// <summary>Microseconds since 1970-01-01T00:00 UTC.</summary>
    TimestampTz,
    /// <summary>UTF-8.</summary>
    String,
    Binary, Uuid, Fixed, Decimal,
    /// <summary>Named fields.</summary>
    Struct,
    /// <summary>Values of one type, in order.</summary>
    List,
    /// <summary>Keys and values.</summary>
    Map,
}

/// <summary>How the values of a type lie in memory: which <see cref="Column"/> class holds them.</summary>
public enum StorageKind
{
    /// <summary><see cref="ValueColumn{T}"/> of <see cref="byte"/>, 0 or 1.</summary>
    Boolean,
    /// <summary><see cref="ValueColumn{T}"/> of <see cref="int"/>.</summary>
    Int,
    /// <summary><see cref="ValueColumn{T}"/> of <see cref="long"/>.</summary>
    Long,
    /// <summary><see cref="ValueColumn{T}"/> of <see cref="float"/>.</summary>
    Float,
    /// <summary><see cref="ValueColumn{T}"/> of <see cref="double"/>.</summary>
    Double,
    /// <summary><see cref="BytesColumn"/>.</summary>
    Bytes,
    /// <summary><see cref="StructColumn"/>.</summary>
    Struct,
    /// <summary><see cref="ListColumn"/>.</summary>
    List,
    /// <summary><see cref="MapColumn"/>.</summary>
    Map,
}

/// <summary>A type with its parameters.</summary>
/// <param name="Kind">Which type.</param>
/// <param name="Precision">Digits of a decimal, else 0.</param>
/// <param name="Scale">Digits after the point of a decimal, else 0.</param>
/// <param name="Length">Bytes of a fixed (and 16 for a uuid), else 0.</param>
public readonly record struct DataType(TypeKind Kind, int Precision = 0, int Scale = 0, int Length = 0)
{
    /// <summary>Decimals up to this precision are kept as an unscaled <see cref="long"/>, wider ones as big-endian two's complement bytes.</summary>
    public const int MaxLongDecimalPrecision = 18;

    public static DataType Boolean => new(TypeKind.Boolean);
    public static DataType Int => new(TypeKind.Int);
    public static DataType Long => new(TypeKind.Long);
    public static DataType Float => new(TypeKind.Float);
    public static DataType Double => new(TypeKind.Double);
    public static DataType Date => new(TypeKind.Date);
    public static DataType Time => new(TypeKind.Time);
    public static DataType Timestamp => new(TypeKind.Timestamp);
    public static DataType TimestampTz => new(TypeKind.TimestampTz);
    public static DataType String => new(TypeKind.String);
    public static DataType Binary => new(TypeKind.Binary);
    public static DataType Uuid => new(TypeKind.Uuid, Length: 16);
    public static DataType Fixed(int length) => new(TypeKind.Fixed, Length: length);
    public static DataType Decimal(int precision, int scale) => new(TypeKind.Decimal, precision, scale);

    /// <summary>A struct of these fields.</summary>
    public static DataType Struct(params IReadOnlyList<ColumnSchema> fields) => new(TypeKind.Struct) { Nested = new NestedType(fields) };

    /// <summary>A list; the field's id is the list's element id.</summary>
    public static DataType List(ColumnSchema element) => new(TypeKind.List) { Nested = new NestedType([element]) };

    /// <summary>A map; the fields' ids are its key and value ids.</summary>
    public static DataType Map(ColumnSchema key, ColumnSchema value) => new(TypeKind.Map) { Nested = new NestedType([key, value]) };

    /// <summary>What a struct, list or map is made of, else <see langword="null"/>.</summary>
    public NestedType? Nested { get; private init; }

    /// <summary>Whether it is a struct, list or map.</summary>
    public bool IsNested => Nested is not null;

    /// <summary>Fields of a struct; the element of a list; key and value of a map; none of a primitive.</summary>
    public IReadOnlyList<ColumnSchema> Children => Nested?.Children ?? [];

    /// <summary>The column class that holds values of this type.</summary>
    public StorageKind Storage => Kind switch
    {
        TypeKind.Boolean => StorageKind.Boolean,
        TypeKind.Int or TypeKind.Date => StorageKind.Int,
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz => StorageKind.Long,
        TypeKind.Float => StorageKind.Float,
        TypeKind.Double => StorageKind.Double,
        TypeKind.Decimal => Precision <= MaxLongDecimalPrecision ? StorageKind.Long : StorageKind.Bytes,
        TypeKind.Struct => StorageKind.Struct,
        TypeKind.List => StorageKind.List,
        TypeKind.Map => StorageKind.Map,
        _ => StorageKind.Bytes,
    };

    /// <summary>The Iceberg spelling: <c>long</c>, <c>decimal(10, 2)</c>, <c>fixed[16]</c>, <c>list&lt;int&gt;</c>, <c>struct&lt;a: int&gt;</c>.</summary>
    public override string ToString() => Kind switch
    {
        TypeKind.Decimal => $"decimal({Precision}, {Scale})",
        TypeKind.Fixed => $"fixed[{Length}]",
        TypeKind.TimestampTz => "timestamptz",
        TypeKind.Struct => $"struct<{string.Join(", ", Children.Select(field => $"{field.Name}: {field.Type}"))}>",
        TypeKind.List => $"list<{Children[0].Type}>",
        TypeKind.Map => $"map<{Children[0].Type}, {Children[1].Type}>",
#pragma warning disable CA1308 // the format's own spelling is lower case
        _ => Kind.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
    };
}

/// <summary>Name, identity and type of a column, or of a field inside of a nested one.</summary>
/// <param name="FieldId">The Iceberg field id, which stays when the column is renamed.</param>
/// <param name="Name">Unique in its table, <c>[A-Za-z_][A-Za-z0-9_]*</c>.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Required">Whether null is refused.</param>
public sealed record ColumnSchema(int FieldId, string Name, DataType Type, bool Required = false);
