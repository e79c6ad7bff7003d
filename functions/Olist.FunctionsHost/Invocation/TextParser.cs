using System.Globalization;
using System.Reflection;

namespace Olist.FunctionsHost.Invocation;

/// <summary>Reads a text as a parameter's type, invariant: anything parsable, enums, and the nullable of either.</summary>
static class TextParser
{
    /// <summary>Null when the type can't be read from text.</summary>
    public static Func<string, object?>? For(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object)) return text => text;
        if (type.IsEnum) return text => Enum.Parse(type, text, ignoreCase: true);
        if (!type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GetGenericArguments()[0] == type)) return null;
        var parse = typeof(TextParser).GetMethod(nameof(Parse), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type); // Named with nameof.
        return parse.CreateDelegate<Func<string, object?>>();
    }

    static object? Parse<T>(string text) where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);
}
