using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Olist.Lake.Tests.Properties;

/// <summary>How many cases a property is tried with, and from which seed; says how to repeat a failure.</summary>
/// <remarks>
/// <c>OLIST_PROPERTY_RUNS</c>: cases over all properties (default 240). <c>OLIST_PROPERTY_SEED</c>: another start (default 1; <c>new</c>: one that nobody tried yet).
/// <c>OLIST_PROPERTY_REPLAY</c>: the seed, gamma and size that a failure printed, for that one case and its shrinking.
/// </remarks>
static partial class PropertyRuns
{
    public const int Properties = 8;

    public static void Check(Arbitrary<LakeCase> cases, Func<LakeCase, int, Task> holds, string name)
    {
        var runs = int.Parse(Environment.GetEnvironmentVariable("OLIST_PROPERTY_RUNS") ?? "240", CultureInfo.InvariantCulture);
        var given = Environment.GetEnvironmentVariable("OLIST_PROPERTY_SEED") ?? "1";
#pragma warning disable CA5394 // a seed to print, not a secret
        var seed = given == "new" ? (ulong)Random.Shared.NextInt64() : ulong.Parse(given, CultureInfo.InvariantCulture);
#pragma warning restore CA5394
        var replay = new Replay(new Rnd(seed + (ulong)name.Sum(letter => letter)), FSharpOption<int>.None); // each property has cases of its own
        if (Environment.GetEnvironmentVariable("OLIST_PROPERTY_REPLAY") is { } text)
        {
            var parts = text.Trim('(', ')').Split(',');
            replay = new Replay(new Rnd(ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture)), FSharpOption<int>.Some(int.Parse(parts[2], CultureInfo.InvariantCulture)));
            runs = Properties;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {Math.Max(1, runs / Properties)} cases from seed {seed}");
        var config = Config.QuickThrowOnFailure.WithMaxTest(Math.Max(1, runs / Properties)).WithQuietOnSuccess(true).WithReplay(FSharpOption<Replay>.Some(replay));
        var number = 0;
        var property = Prop.ForAll(cases, one => holds(one, number++).GetAwaiter().GetResult());
        try
        {
            FsCheck.Check.One(name, config, property);
        }
        catch (Exception e)
        {
            var one = FailedCase().Match(e.Message) is { Success: true } match ? $"OLIST_PROPERTY_REPLAY={match.Groups[1].Value}" : $"OLIST_PROPERTY_SEED={seed} OLIST_PROPERTY_RUNS={runs}";
            throw new LakePropertyException($"{name}: {one} dotnet exec artifacts/bin/Olist.Lake.Tests/release/Olist.Lake.Tests.dll -class '*LakePropertyTests' repeats it.\n{e.Message}");
        }
    }

    [GeneratedRegex(@"Replay directly at failing step with \(([\d,]+)\)")]
    private static partial Regex FailedCase();
}
