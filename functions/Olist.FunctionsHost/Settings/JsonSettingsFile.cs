using System.Text.Json;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Settings;

/// <summary>Reads a JSON settings file into flat <c>a:b:c</c> keys.</summary>
static class JsonSettingsFile
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="FunctionsHostException">The file is not JSON; the message names line and column.</exception>
    public static Dictionary<string, string?> Read(string path)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(path)) return values;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FunctionsHostException($"{path}: found {document.RootElement.ValueKind} at the top, expected an object {{ ... }}.");
            Flatten(document.RootElement, "", values);
        }
        catch (JsonException error)
        {
            throw new FunctionsHostException(
                $"{path}, line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: not JSON ({error.Message}). Correct the file.", error);
        }
        return values;
    }

    static void Flatten(JsonElement element, string path, Dictionary<string, string?> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject()) Flatten(property.Value, Join(path, property.Name), values);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray()) Flatten(item, Join(path, (index++).ToString(System.Globalization.CultureInfo.InvariantCulture)), values);
                break;
            case JsonValueKind.Null:
                values[path] = null;
                break;
            default:
                values[path] = element.ToString();
                break;
        }
    }

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";
}
