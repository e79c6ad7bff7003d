using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>The value itself.</summary>
public sealed class IdentityTransform : Transform
{
    public static IdentityTransform Instance { get; } = new();

    IdentityTransform() { }

    public override DataType ResultType(DataType source) => source;
    public override Column Apply(Column source) => source;
    public override string ToString() => "identity";
}

/// <summary>Always null: what a dropped partition field becomes.</summary>
public sealed class VoidTransform : Transform
{
    public static VoidTransform Instance { get; } = new();

    VoidTransform() { }

    internal override bool CanPrune => false;
    public override DataType ResultType(DataType source) => source;

    public override Column Apply(Column source)
    {
        var nulls = new int[source.Count];
        nulls.AsSpan().Fill(-1);
        return source.Gather(nulls);
    }

    public override string ToString() => "void";
}

/// <summary>A transform of some other version: its values are ignored, and nothing is written with it.</summary>
public sealed class UnknownTransform : Transform
{
    readonly string _text;

    internal UnknownTransform(string text) => _text = text;

    internal override bool CanPrune => false;
    public override DataType ResultType(DataType source) => DataType.String;
    public override Column Apply(Column source) => throw Misfit(source.Type);
    public override string ToString() => _text;
}
