using Olist.Formats.Columns;

namespace Olist.Lake.Schemas;

/// <summary>The type changes that version 2 of the format allows: every old value is a value of the new type.</summary>
static class TypePromotion
{
    public const string Allowed = "int may become long, float double, a decimal wider";

    public static bool Widens(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        (TypeKind.Int, TypeKind.Long) or (TypeKind.Float, TypeKind.Double) => true,
        (TypeKind.Decimal, TypeKind.Decimal) => from.Scale == to.Scale && from.Precision <= to.Precision,
        _ => false,
    };

    public static bool Fits(IcebergType from, IcebergType to) => (from, to) switch
    {
        (PrimitiveType before, PrimitiveType after) => before == after || Widens(before.Type, after.Type),
        _ => from.GetType() == to.GetType(),
    };

    public static string Shown(IcebergType type) => type is PrimitiveType primitive ? primitive.Type.ToString() : type.GetType().Name;
}
