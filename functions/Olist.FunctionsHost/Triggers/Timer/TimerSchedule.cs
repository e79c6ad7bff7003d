using System.Globalization;
using NCrontab;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Triggers.Timer;

/// <summary>When a timer is due: NCRONTAB with six (or five) fields in the clock's time zone, or a constant interval.</summary>
sealed class TimerSchedule
{
    readonly CrontabSchedule? _cron;
    readonly TimeSpan _interval;
    readonly bool _runsEveryHour;

    TimerSchedule(string text, CrontabSchedule? cron, TimeSpan interval)
    {
        Text = text;
        _cron = cron;
        _interval = interval;
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _runsEveryHour = cron is not null && fields[fields.Length - 4].AsSpan().IndexOfAny("*/-,") >= 0;
    }

    public string Text { get; }

    /// <exception cref="FunctionsHostException">The text is neither; the message names the function.</exception>
    public static TimerSchedule Parse(string text, string usedBy)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 1 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
        {
            if (interval <= TimeSpan.Zero) throw Wrong(text, usedBy, "the interval must be above zero", null);
            return new TimerSchedule(text, null, interval);
        }
        if (fields.Length is not (5 or 6)) throw Wrong(text, usedBy, $"it has {fields.Length} fields", null);
        try
        {
            return new TimerSchedule(text, CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields.Length == 6 }), default);
        }
        catch (CrontabException error)
        {
            throw Wrong(text, usedBy, error.Message, error);
        }
    }

    /// <summary>The first due time after an instant (UTC). Skipped hours of a clock change run right after it, repeated ones once, unless the schedule runs hourly or oftener.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset instant, TimeZoneInfo zone)
    {
        if (_cron is null) return instant + _interval;
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime) return new DateTimeOffset(_cron.GetNextOccurrence(instant.UtcDateTime), TimeSpan.Zero);
        return _runsEveryHour ? NextByElapsedTime(instant, zone) : NextByLocalTime(instant, zone);
    }

    /// <summary>Whether two runs can be less than a minute apart: then the schedule is not kept on disk.</summary>
    public bool IsBelowOneMinute(DateTimeOffset from, TimeZoneInfo zone)
    {
        if (_cron is null) return _interval < TimeSpan.FromMinutes(1);
        var first = NextAfter(from, zone);
        var second = NextAfter(first, zone);
        return second - first < TimeSpan.FromMinutes(1) || NextAfter(second, zone) - second < TimeSpan.FromMinutes(1);
    }

    /// <summary>Goes on through a change of clocks as if there was none: hours that come twice run twice.</summary>
    DateTimeOffset NextByElapsedTime(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(instant);
        var due = new DateTimeOffset(_cron!.GetNextOccurrence(instant.ToOffset(offset).DateTime), offset); // Only called with a cron schedule.
        if (zone.GetUtcOffset(due) == offset) return due.ToUniversalTime();
        var change = ChangeOfClocks(instant, due, offset, zone);
        var after = zone.GetUtcOffset(change);
        return new DateTimeOffset(_cron.GetNextOccurrence(change.ToOffset(after).DateTime.AddSeconds(-1)), after).ToUniversalTime();
    }

    static DateTimeOffset ChangeOfClocks(DateTimeOffset before, DateTimeOffset after, TimeSpan offset, TimeZoneInfo zone)
    {
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + ((after - before) / 2);
            if (zone.GetUtcOffset(middle) == offset) before = middle;
            else after = middle;
        }
        // Clocks change at full seconds.
        return new DateTimeOffset(after.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    /// <summary>A time of day: at the first of two, or at the first moment that exists.</summary>
    DateTimeOffset NextByLocalTime(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        while (true)
        {
            local = _cron!.GetNextOccurrence(local); // Only called with a cron schedule.
            var existing = local;
            while (zone.IsInvalidTime(existing)) existing = existing.AddMinutes(1);
            var offset = zone.IsAmbiguousTime(existing) ? zone.GetAmbiguousTimeOffsets(existing).Max() : zone.GetUtcOffset(existing);
            var due = new DateTimeOffset(existing, offset).ToUniversalTime();
            if (due > instant) return due;
        }
    }

    static FunctionsHostException Wrong(string text, string usedBy, string why, Exception? inner) =>
        new($"{usedBy}: the schedule '{text}' is not valid ({why}); expected '{{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}', for example '0 */5 * * * *', or an interval hh:mm:ss.", inner);
}
