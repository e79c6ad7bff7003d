using System.Text;

namespace Olist.Testing.Oracle;

/// <summary>
/// Letters and their accents as one character each (NFC), for the alphabet of Portuguese. Written out because
/// <see cref="string.Normalize()"/> gives back its input unchanged where globalization is invariant, as it is in this solution.
/// </summary>
static class Composed
{
    static readonly Dictionary<char, (string Bare, string Accented)> Accents = new()
    {
        ['\u0300'] = ("AEIOUaeiou", "ÀÈÌÒÙàèìòù"),
        ['\u0301'] = ("AEIOUYaeiouy", "ÁÉÍÓÚÝáéíóúý"),
        ['\u0302'] = ("AEIOUaeiou", "ÂÊÎÔÛâêîôû"),
        ['\u0303'] = ("ANOano", "ÃÑÕãñõ"),
        ['\u0308'] = ("AEIOUaeiouy", "ÄËÏÖÜäëïöüÿ"),
        ['\u0327'] = ("Cc", "Çç"),
    };

    public static string Of(string text)
    {
        var composed = new StringBuilder();
        foreach (var c in text)
        {
            if (composed.Length > 0 && Accents.TryGetValue(c, out var pairs) && pairs.Bare.IndexOf(composed[^1], StringComparison.Ordinal) is >= 0 and var at)
                composed[^1] = pairs.Accented[at];
            else
                composed.Append(c);
        }

        return composed.ToString();
    }
}
