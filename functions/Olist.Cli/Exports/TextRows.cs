using System.Globalization;
using System.Text;
using Olist.Formats.Columns;
using Olist.Lake;

namespace Olist.Cli.Exports;

/// <summary>Formats rows of a table as lines of text.</summary>
interface IRowFormat
{
    /// <summary>The first line, or <see langword="null"/>.</summary>
    string? Header { get; }

    void Append(StringBuilder line, RowBatch batch, int row);
}

static class TextRows
{
    public static async Task<long> WriteAsync(LakeTable table, ScanRequest version, Stream file, IRowFormat format, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(file, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        writer.NewLine = "\n";
        if (format.Header is { } header) await writer.WriteLineAsync(header.AsMemory(), cancellationToken);
        long rows = 0;
        var line = new StringBuilder();
        await foreach (var batch in table.ScanAsync(version, cancellationToken))
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                format.Append(line.Clear(), batch, row);
                await writer.WriteLineAsync(line, cancellationToken);
            }
            rows += batch.RowCount;
        }
        return rows;
    }

    /// <summary>A value as text: times ISO 8601, decimals with their scale, bytes in base 64.</summary>
    public static string ValueOf(ColumnSchema schema, Column column, int row) => column switch
    {
        BytesColumn bytes when schema.Type.Kind == TypeKind.String => bytes.Find(row)!,
        BytesColumn bytes => Convert.ToBase64String(bytes[row]),
        ValueColumn<long> longs when schema.Type.Kind == TypeKind.Decimal => DecimalText(longs[row], schema.Type.Scale),
        ValueColumn<long> longs when schema.Type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz =>
            DateTime.UnixEpoch.AddTicks(longs[row] * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + (schema.Type.Kind == TypeKind.TimestampTz ? "Z" : ""),
        ValueColumn<long> longs => longs[row].ToString(CultureInfo.InvariantCulture),
        ValueColumn<int> ints when schema.Type.Kind == TypeKind.Date => DateOnly.FromDayNumber(719162 + ints[row]).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ValueColumn<int> ints => ints[row].ToString(CultureInfo.InvariantCulture),
        ValueColumn<double> doubles => doubles[row].ToString("R", CultureInfo.InvariantCulture),
        ValueColumn<float> floats => floats[row].ToString("R", CultureInfo.InvariantCulture),
        ValueColumn<byte> flags => flags[row] != 0 ? "true" : "false",
        _ => throw new CommandException($"Column {schema.Name} is {schema.Type}, which has no text form."),
    };

    static string DecimalText(long unscaled, int scale)
    {
        var value = new decimal(unscaled);
        for (var digit = 0; digit < scale; digit++) value /= 10;
        return value.ToString("F" + scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
