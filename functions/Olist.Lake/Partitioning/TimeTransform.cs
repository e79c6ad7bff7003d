using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake;

/// <summary>Whole years, months, days or hours since 1970-01-01T00:00, rounded down, also before it.</summary>
public sealed class TimeTransform : Transform
{
    const long MicrosPerHour = 3_600_000_000, MicrosPerDay = 24 * MicrosPerHour;

    readonly string _unit;

    TimeTransform(string unit) => _unit = unit;

    public static TimeTransform Year { get; } = new("year");
    public static TimeTransform Month { get; } = new("month");
    public static TimeTransform Day { get; } = new("day");
    public static TimeTransform Hour { get; } = new("hour");

    public override DataType ResultType(DataType source)
    {
        if (source.Kind is not (TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.Date) || (source.Kind == TypeKind.Date && this == Hour)) throw Misfit(source);
        return this == Day ? DataType.Date : DataType.Int;
    }

    public override Column Apply(Column source)
    {
        var type = ResultType(source.Type);
        var values = new int[source.Count];
        if (source is ValueColumn<int> days)
            for (var row = 0; row < values.Length; row++) values[row] = OfDay(days.Values[row]);
        else
        {
            var micros = ((ValueColumn<long>)source).Values;
            for (var row = 0; row < values.Length; row++)
                values[row] = this == Hour ? (int)FloorDivide(micros[row], MicrosPerHour) : OfDay((int)FloorDivide(micros[row], MicrosPerDay));
        }
        return new ValueColumn<int>(type, values, values.Length, source.Validity);
    }

    int OfDay(int day)
    {
        if (this == Day) return day;
        var (year, month) = YearMonth(day);
        return this == Year ? year - 1970 : (year - 1970) * 12 + month - 1;
    }

    /// <summary>The proleptic Gregorian calendar over all of int, where <see cref="DateTime"/> ends at year 9999.</summary>
    static (int Year, int Month) YearMonth(int day)
    {
        // Eras of 400 years that start on 1 March, so that the leap day comes last.
        var shifted = day + 719_468L;
        var era = FloorDivide(shifted, 146_097);
        var dayOfEra = shifted - era * 146_097;
        var yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var monthFromMarch = (5 * dayOfYear + 2) / 153;
        var month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        return ((int)(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month);
    }

    static long FloorDivide(long value, long by) => value / by - (value % by < 0 ? 1 : 0);

    internal override string ToText(DataType source, ReadOnlySpan<byte> value)
    {
        var number = (int)Schemas.SingleValue.ToLong(value);
        if (this == Year) return string.Create(CultureInfo.InvariantCulture, $"{1970 + number:d4}");
        if (this == Month) return string.Create(CultureInfo.InvariantCulture, $"{1970 + FloorDivide(number, 12):d4}-{number - FloorDivide(number, 12) * 12 + 1:d2}");
        var day = (int)(this == Day ? number : FloorDivide(number, 24));
        var date = Partitioning.PartitionText.Date(day);
        return this == Day ? date : string.Create(CultureInfo.InvariantCulture, $"{date}-{number - FloorDivide(number, 24) * 24:d2}");
    }

    public override string ToString() => _unit;
}
