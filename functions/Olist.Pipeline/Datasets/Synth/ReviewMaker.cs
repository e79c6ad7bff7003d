namespace Olist.Pipeline.Datasets.Synth;

/// <summary>What customers say: the later the parcel, the worse the score, and the lower the score, the more they write.</summary>
sealed class ReviewMaker(long seed)
{
    const long Hour = 3_600, Day = 86_400;
    const int MissingPerMillion = 7_000, SecondPerMillion = 5_500, SharedIdPerMillion = 8_000, SummerTimePerMillion = 600;

    /// <summary>Scores 1 to 5, per fate of the order.</summary>
    static readonly WeightedChoice InTime = new(62, 24, 76, 203, 635), Late = new(45, 10, 14, 13, 18), VeryLate = new(71, 9, 8, 4, 8), Lost = new(74, 7, 7, 4, 8);

    static readonly int[] TitlePerMillion = [170_000, 160_000, 110_000, 95_000, 110_000];
    static readonly int[] MessagePerMillion = [770_000, 680_000, 440_000, 310_000, 360_000];

    public void Write(CsvWriter csv, int index, SyntheticOrder order)
    {
        var random = new Prng(seed, Draw.Review, index);
        var idTwin = index > 0 && random.Chance(SharedIdPerMillion) ? index - 1 : index;
        if (!random.Chance(MissingPerMillion)) WriteOne(csv, ReviewId(idTwin, 0), order, ref random);
        if (random.Chance(SecondPerMillion)) WriteOne(csv, ReviewId(index, 1), order, ref random);
    }

    UInt128 ReviewId(int index, int turn) => Marketplace.IdOf(new Prng(seed, Draw.Review, -1L - 2L * index - turn));

    static void WriteOne(CsvWriter csv, UInt128 id, SyntheticOrder order, ref Prng random)
    {
        var score = ScoreFor(order).Pick(ref random) + 1;
        // The survey goes out the day after delivery, or when the promised day has passed.
        var created = order.Delivered is { } delivered ? (delivered / Day + 1) * Day : order.Estimated + random.Between(1, 4) * Day;
        if (random.Chance(SummerTimePerMillion)) created += Hour;
        var answered = created + random.Quantile(8, 18, 28, 44, 60, 85, 130, 300) * Hour + random.Below(Hour);
        csv.Id(id);
        csv.Id(order.OrderId);
        csv.Number(score);
        var isLost = order.Delivered is null;
        if (random.Chance(TitlePerMillion[score - 1])) csv.Text(ReviewPhrases.Title(score, isLost, ref random));
        else csv.Empty();
        if (random.Chance(MessagePerMillion[score - 1])) csv.Text(ReviewPhrases.Message(score, isLost, order.DaysLate > 0, ref random));
        else csv.Empty();
        csv.Time(created);
        csv.Time(answered);
        csv.EndRow();
    }

    static WeightedChoice ScoreFor(SyntheticOrder order) => order.DaysLate switch
    {
        null => Lost,
        > 5 => VeryLate,
        > 0 => Late,
        _ => InTime,
    };
}
