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
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        while (true)
        {
            var next = _cron.GetNextOccurrence(local);
            if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime) return new DateTimeOffset(next, TimeSpan.Zero);
            var due = ToInstant(next, zone, instant);
            if (due > instant) return due;
            local = next;
        }
    }

    /// <summary>Whether two runs can be less than a minute apart: then the schedule is not kept on disk.</summary>
    public bool IsBelowOneMinute(DateTimeOffset from, TimeZoneInfo zone)
    {
        if (_cron is null) return _interval < TimeSpan.FromMinutes(1);
        var first = NextAfter(from, zone);
        var second = NextAfter(first, zone);
        return second - first < TimeSpan.FromMinutes(1) || NextAfter(second, zone) - second < TimeSpan.FromMinutes(1);
    }

    DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone, DateTimeOffset after)
    {
        if (zone.IsInvalidTime(local))
        {
            // Clocks went forward over it: the first moment that exists.
            while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        }
        else if (zone.IsAmbiguousTime(local))
        {
            var first = new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max());
            if (first > after || !_runsEveryHour) return first.ToUniversalTime();
            return new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Min()).ToUniversalTime();
        }
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    static FunctionsHostException Wrong(string text, string usedBy, string why, Exception? inner) =>
        new($"{usedBy}: the schedule '{text}' is not valid ({why}); expected '{{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of week}}', for example '0 */5 * * * *', or an interval hh:mm:ss.", inner);
}
