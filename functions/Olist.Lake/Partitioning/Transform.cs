using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>How a partition value comes from a column value. Null always gives null.</summary>
public abstract class Transform
{
    private protected Transform() { }

    /// <summary>The type of partition values of a column of this type.</summary>
    /// <exception cref="UnsupportedFormatException">The transform can't be applied to the type.</exception>
    public abstract DataType ResultType(DataType source);

    /// <summary>The partition value of every row.</summary>
    public abstract Column Apply(Column source);

    /// <summary>Whether equal column values have equal partition values and other partitions can be skipped.</summary>
    internal virtual bool CanPrune => true;

    /// <summary>The value as folder names show it.</summary>
    internal virtual string ToText(DataType source, ReadOnlySpan<byte> value) => Partitioning.PartitionText.Of(ResultType(source), value);

    /// <summary>From the Iceberg spelling; an unknown transform can be listed and read around, but not written with.</summary>
    public static Transform Parse(string text) => text switch
    {
        "identity" => IdentityTransform.Instance,
        "void" => VoidTransform.Instance,
        "year" => TimeTransform.Year,
        "month" => TimeTransform.Month,
        "day" => TimeTransform.Day,
        "hour" => TimeTransform.Hour,
        _ when TryArgument(text, "bucket", out var buckets) => new BucketTransform(buckets),
        _ when TryArgument(text, "truncate", out var width) => new TruncateTransform(width),
        _ => new UnknownTransform(text),
    };

    static bool TryArgument(string text, string name, out int argument)
    {
        argument = 0;
        return text.Length > name.Length + 2 && text.StartsWith(name, StringComparison.Ordinal) && text[name.Length] == '[' && text[^1] == ']'
            && int.TryParse(text.AsSpan(name.Length + 1, text.Length - name.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out argument) && argument > 0;
    }

    private protected UnsupportedFormatException Misfit(DataType source) => new($"Partition transform {this} can't be applied to a column of type {source}.");

    /// <summary>Text columns repeat their values: transform each entry of a dictionary once.</summary>
    private protected static Column PerEntry(BytesColumn source, DataType result, Func<BytesColumn, Column> apply)
    {
        if (source.Dictionary is not { } dictionary || dictionary.Count > source.Count) return apply(source);
        var rows = new int[source.Count];
        for (var row = 0; row < rows.Length; row++) rows[row] = source.IsNull(row) ? -1 : source.Codes![row]; // dictionary layout, so there are codes
        return rows.Length == 0 ? ColumnBuilder.Create(result, 4).Build() : apply(dictionary).Gather(rows);
    }
}
