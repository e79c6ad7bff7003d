using System.Text.Json;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest;

/// <summary>Bodies of requests: read strictly, and what is wrong is the caller's fault and named by its path.</summary>
static class RequestJson
{
    public const string Advice = "Correct the request; nothing was changed.";

    /// <summary>Deeper types would not fit into a metadata document, whose readers stop at 64.</summary>
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 60, AllowDuplicateProperties = false };

    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw CatalogErrorException.BadRequest($"The request is not JSON: {e.Message}", e);
        }
    }

    public static JsonNodeView Root(JsonDocument document) => new(document.RootElement, "The request", "", Advice);

    /// <summary>Runs what reads a request, or builds metadata from one; complaints become 400.</summary>
    public static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is LakeException and not CatalogErrorException or JsonException or FormatException or ArgumentException or KeyNotFoundException or OverflowException or InvalidOperationException)
        {
            throw CatalogErrorException.BadRequest(e.Message, e);
        }
    }

    public static Dictionary<string, string> Texts(JsonNodeView json) =>
        json.Members().ToDictionary(member => member.Key, member => member.Value.AsString(), StringComparer.Ordinal);

    /// <summary>The namespace as paths spell it.</summary>
    public static string Namespace(JsonNodeView json) => string.Join('\u001f', json.Items().Select(level => level.AsString()));
}
