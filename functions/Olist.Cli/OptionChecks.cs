using System.CommandLine;

namespace Olist.Cli;

/// <summary>Checks of an option's value.</summary>
static class OptionChecks
{
    /// <param name="complaint">What is wrong with a value; null: nothing.</param>
    public static void Check<T>(this Option<T> option, Func<T?, string?> complaint) => option.Validators.Add(result =>
    {
        T? value;
        try
        {
            value = result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return; // The text is no T at all, which the parser itself complains of.
        }
        if (complaint(value) is { } text) result.AddError(text);
    });
}
