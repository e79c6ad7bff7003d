namespace Olist.Lake.Tests.Properties;

enum Verb { Append, Merge, Delete, Compact, Expire, RemoveOrphans, RollBack, Reopen, Follow, LookUp, Overwrite, Evolve, Rearrange, Refer, CherryPick }

/// <summary>What goes wrong while a step runs.</summary>
enum Trouble
{
    None,
    /// <summary>A second writer commits something in the middle.</summary>
    Race,
    /// <summary>The process dies in the middle; another one goes on.</summary>
    Crash,
    Error, LostAnswer, Slow, TornPut, StaleList,
}

/// <summary>One operation on a table. Which rows it is about follows from the two numbers and the rows that are there, so that a sequence stays a sequence when steps are left out.</summary>
/// <param name="Trouble">What goes wrong.</param>
/// <param name="At">At which of the step's calls to the store, from 1; a step that makes fewer has no trouble.</param>
sealed record LakeStep(Verb Verb, int A, int B, Trouble Trouble = Trouble.None, int At = 1)
{
    public override string ToString() => Trouble == Trouble.None ? $"{Verb}({A}, {B})" : $"{Verb}({A}, {B}) with {Trouble} at call {At}";
}

/// <summary>A table and what happens to it.</summary>
/// <param name="Layout">Says how the table is partitioned, sorted and kept.</param>
sealed record LakeCase(int Layout, IReadOnlyList<LakeStep> Steps)
{
    public override string ToString() => $"table {Layout}:\n  {string.Join("\n  ", Steps)}";
}
