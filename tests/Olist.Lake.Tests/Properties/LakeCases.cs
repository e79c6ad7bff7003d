using FsCheck;
using FsCheck.Fluent;

namespace Olist.Lake.Tests.Properties;

/// <summary>Random sequences of steps, and smaller ones of a sequence that fails.</summary>
static class LakeCases
{
    static readonly (int Weight, Gen<Verb> Verb)[] Verbs =
    [
        (6, Gen.Constant(Verb.Append)), (8, Gen.Constant(Verb.Merge)), (3, Gen.Constant(Verb.Delete)), (4, Gen.Constant(Verb.Compact)), (4, Gen.Constant(Verb.Expire)),
        (2, Gen.Constant(Verb.RemoveOrphans)), (2, Gen.Constant(Verb.RollBack)), (1, Gen.Constant(Verb.Reopen)), (4, Gen.Constant(Verb.Follow)), (1, Gen.Constant(Verb.LookUp)),
        (4, Gen.Constant(Verb.Overwrite)), (5, Gen.Constant(Verb.Evolve)), (3, Gen.Constant(Verb.Rearrange)), (5, Gen.Constant(Verb.Refer)), (2, Gen.Constant(Verb.CherryPick)),
    ];

    /// <param name="troubles">Those that may happen; every third step has one of them.</param>
    public static Arbitrary<LakeCase> With(params Trouble[] troubles)
    {
        var trouble = Gen.Frequency((2, Gen.Constant(Trouble.None)), (1, Gen.Elements(troubles)));
        var step = Gen.Frequency(Verbs).SelectMany(verb => Gen.Choose(0, 999).Two().SelectMany(numbers => trouble.SelectMany(what => Gen.Choose(1, 24)
            .Select(at => new LakeStep(verb, numbers.Item1, numbers.Item2, what, what == Trouble.None ? 1 : at)))));
        var cases = Gen.Choose(0, 199).SelectMany(layout => Gen.Choose(1, 24).SelectMany(count => step.ListOf(count)).Select(steps => new LakeCase(layout, [.. steps])));
        return Arb.From(cases, Smaller);
    }

    static IEnumerable<LakeCase> Smaller(LakeCase one)
    {
        for (var length = one.Steps.Count / 2; length > 0; length /= 2)
            for (var start = 0; start + length <= one.Steps.Count; start += length)
                yield return one with { Steps = [.. one.Steps.Take(start), .. one.Steps.Skip(start + length)] };
        if (one.Layout != 0) yield return one with { Layout = 0 };
        for (var i = 0; i < one.Steps.Count; i++)
            foreach (var step in Smaller(one.Steps[i]))
                yield return one with { Steps = [.. one.Steps.Take(i), step, .. one.Steps.Skip(i + 1)] };
    }

    static IEnumerable<LakeStep> Smaller(LakeStep step)
    {
        if (step.Trouble != Trouble.None) yield return step with { Trouble = Trouble.None, At = 1 };
        if (step.A != 0) yield return step with { A = 0 };
        if (step.B != 0) yield return step with { B = 0 };
        if (step.A > 1) yield return step with { A = step.A / 2 };
        if (step.B > 1) yield return step with { B = step.B / 2 };
        if (step.At > 1) yield return step with { At = step.At - 1 };
    }
}
