using System.Globalization;

namespace Olist.Functions.Tests.Crashes;

/// <summary>One death.</summary>
/// <param name="Step">At which durable step; null: at a moment.</param>
/// <param name="Time">The how-manieth time that the step is met, from 1; for a moment, milliseconds from the start.</param>
sealed record Death(string? Step, int Time)
{
    public override string ToString() => Step is null ? $"{Time}ms" : $"{Step}#{Time}";

    public static Death Parse(string text)
    {
        if (text.EndsWith("ms", StringComparison.Ordinal) && int.TryParse(text.AsSpan(0, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var moment)) return new(null, moment);
        var at = text.LastIndexOf('#');
        return new Death(text[..at], int.Parse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}

/// <summary>One lake, whose app dies so often, one death after the other, and then lives until all has settled. <see cref="ToString"/> is what <c>OLIST_CRASH_CASE</c> takes.</summary>
sealed record CrashCase(IReadOnlyList<Death> Deaths, bool LoseAnswers = false)
{
    const string Lost = "lost-answers";

    public override string ToString() => string.Join(',', Deaths.Select(death => death.ToString()).Concat(LoseAnswers ? [Lost] : []));

    public static CrashCase Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new CrashCase([.. parts.Where(part => part != Lost).Select(Death.Parse)], parts.Contains(Lost));
    }
}
