namespace Olist.Pipeline.Model;

/// <summary>Calendar days, in UTC, between two instants given as microseconds since 1970.</summary>
public static class LeadDays
{
    const long MicrosPerDay = 86_400_000_000;

    /// <summary>How many midnights lie between: 0 within one day, negative when <paramref name="toMicros"/> is on an earlier day.</summary>
    public static long Between(long fromMicros, long toMicros) => DayNumber(toMicros) - DayNumber(fromMicros);

    /// <summary>Days since 1970-01-01, rounded down.</summary>
    public static long DayNumber(long micros) => Math.DivRem(micros, MicrosPerDay, out var rest) - (rest < 0 ? 1 : 0);
}
