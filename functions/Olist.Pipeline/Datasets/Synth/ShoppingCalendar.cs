namespace Olist.Pipeline.Datasets.Synth;

/// <summary>When people buy: two years of growth, then as long as wanted at its height, weekdays before weekends, evenings before nights, one Black Friday, and minutes in which a campaign brings many at once.</summary>
sealed class ShoppingCalendar
{
    const long DaySeconds = 86_400;
    const int CampaignPerMillion = 60_000, CampaignsPerDay = 3, CampaignSeconds = 600;

    static readonly DateTime Start = new(2016, 9, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Orders per month from September 2016 on, about as the public dataset has them.</summary>
    static readonly int[] MonthWeights =
        [4, 320, 2, 2, 800, 1_750, 2_650, 2_400, 3_700, 3_250, 4_000, 4_300, 4_300, 4_650, 7_550, 5_700, 7_250, 6_700, 7_200, 6_950, 6_850, 6_150, 6_300, 6_500, 16, 4];

    /// <summary>Of a month at the height.</summary>
    const int Height = 6_500;

    /// <summary>The last months of the public dataset, in which hardly anybody buys.</summary>
    const int Ending = 2;

    /// <summary>Sunday first.</summary>
    static readonly int[] WeekdayWeights = [84, 114, 113, 110, 104, 100, 77];

    static readonly WeightedChoice Hours =
        new(24, 12, 6, 3, 2, 2, 5, 13, 30, 49, 63, 66, 61, 66, 67, 65, 68, 62, 59, 61, 64, 63, 59, 42);

    /// <summary>The Friday itself and the days after it.</summary>
    static readonly DateTime BlackFriday = new(2017, 11, 24, 0, 0, 0, DateTimeKind.Utc);
    static readonly int[] BlackFridayPercent = [540, 230, 175, 180];

    readonly long _seed;
    readonly WeightedChoice _days;

    /// <param name="months">How long, <see cref="SyntheticDataset.PublicMonths"/> at least.</param>
    public ShoppingCalendar(long seed, int months)
    {
        _seed = seed;
        var weights = new List<long>();
        int[] monthWeights = [.. MonthWeights.SkipLast(Ending), .. Enumerable.Repeat(Height, months - MonthWeights.Length), .. MonthWeights.TakeLast(Ending)];
        for (var month = 0; month < monthWeights.Length; month++)
        {
            var first = Start.AddMonths(month);
            var days = DateTime.DaysInMonth(first.Year, first.Month);
            for (var day = 0; day < days; day++) weights.Add(WeightOf(first.AddDays(day), monthWeights[month], days));
        }
        _days = new WeightedChoice(weights);
    }

    long WeightOf(DateTime day, int monthWeight, int daysOfMonth)
    {
        var mood = new Prng(_seed, Draw.Day, (day - Start).Days).Between(82, 118);
        var sinceFriday = (day - BlackFriday).Days;
        var rush = sinceFriday >= 0 && sinceFriday < BlackFridayPercent.Length ? BlackFridayPercent[sinceFriday] : 100;
        return (long)monthWeight * 1000 / daysOfMonth * WeekdayWeights[(int)day.DayOfWeek] * mood * rush;
    }

    /// <summary>A time of purchase, seconds since 1970.</summary>
    public long Pick(ref Prng random)
    {
        var day = _days.Pick(ref random);
        var midnight = new DateTimeOffset(Start).ToUnixTimeSeconds() + day * DaySeconds;
        if (random.Chance(CampaignPerMillion))
        {
            var campaign = new Prng(_seed, Draw.Day, 1_000_000 + day * CampaignsPerDay + random.Below(CampaignsPerDay));
            return midnight + Hours.Pick(ref campaign) * 3600 + campaign.Below(3600 - CampaignSeconds) + random.Below(CampaignSeconds);
        }
        return midnight + Hours.Pick(ref random) * 3600 + random.Below(3600);
    }
}
