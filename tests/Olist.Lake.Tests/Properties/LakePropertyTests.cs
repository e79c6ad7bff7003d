using Olist.Lake.Tests.Tables;

namespace Olist.Lake.Tests.Properties;

/// <summary>Random sequences of everything that is done to a table, with everything that goes wrong, against a model of plain values: the same rows at every step, for every snapshot that is kept, and for a reader that follows.</summary>
public sealed class LakePropertyTests
{
    public static TheoryData<string> Troubles => ["Race", "Crash", "Error", "LostAnswer", "Slow", "TornPut", "StaleList", "all of them"];

    [Theory, MemberData(nameof(Troubles))]
    public Task A_table_is_what_the_model_is_whatever_goes_wrong(string trouble)
    {
        var troubles = Enum.TryParse<Trouble>(trouble, out var one) ? [one] : Enum.GetValues<Trouble>()[1..];
        return Task.Run(() =>
        {
            PropertyRuns.Check(LakeCases.With(troubles), HoldsAsync, trouble);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", LakeMachine.Outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}")));
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>Of so many cases one is handed to the outside readers, before and after it is tidied up.</summary>
    const int DumpedCases = 3;

    static async Task HoldsAsync(LakeCase one, int number)
    {
        var machine = await LakeMachine.RunAsync(one);
        var isDumped = TableDump.Folder is not null && number % DumpedCases == 0;
        if (isDumped) await machine.DumpAsync(nameof(LakePropertyTests));
        await machine.TidyAsync();
        if (isDumped && number % (2 * DumpedCases) == 0) await machine.DumpAsync(nameof(LakePropertyTests));
    }

    /// <summary>A judge that can't say no proves nothing.</summary>
    [Fact]
    public async Task Rows_that_the_model_does_not_know_are_seen()
    {
        var machine = await LakeMachine.RunAsync(new LakeCase(0, [new LakeStep(Verb.Append, 5, 1), new LakeStep(Verb.Merge, 3, 2), new LakeStep(Verb.Compact, 0, 0)]));
        var table = await machine.ObserveAsync();
        var row = RowMaker.Make(machine.Model.Schema, "stranger", new Random(1));
        await table.CommitAsync(new TableChange { Append = [RowMaker.Batch(machine.Model.Schema, [row])] }, TestContext.Current.CancellationToken);
        Assert.Contains("came of nothing", (await Assert.ThrowsAsync<LakePropertyException>(machine.TidyAsync)).Message, StringComparison.Ordinal);
    }
}
