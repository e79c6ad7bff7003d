using System.Text;
using System.Text.Json;
using Olist.Lake.Metadata;
using Olist.Storage;

namespace Olist.Lake.Rest;

/// <summary>Namespaces: folders of one level that hold tables, or the marker <c>namespace.json</c> of one that is still empty.</summary>
#pragma warning disable CA1001 // a semaphore whose wait handle is never asked for holds nothing to dispose of
sealed class Namespaces(LakeCatalog catalog)
#pragma warning restore CA1001
{
    readonly SemaphoreSlim _updates = new(1, 1);


    static string MarkerOf(string space) => space + "/namespace.json";

    async ValueTask<bool> ExistsAsync(string space, CancellationToken cancellationToken) => TableName.IsIdentifier(space)
        && (await catalog.Store.FindAsync(MarkerOf(space), cancellationToken) is not null || (await catalog.ListTablesAsync(space, cancellationToken)).Count > 0);

    /// <exception cref="CatalogErrorException">404: there is none.</exception>
    public async ValueTask RequireAsync(string space, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(space, cancellationToken)) throw CatalogErrorException.NoNamespace(space);
    }

    public async ValueTask<CatalogResponse> ListAsync(string? parent, Page page, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        if (!string.IsNullOrEmpty(parent)) await RequireAsync(parent, cancellationToken);
        else
            await foreach (var space in catalog.Store.ListFoldersAsync("", cancellationToken))
                if (await ExistsAsync(space, cancellationToken)) found.Add(space);
        return RestAnswers.Json(json => page.Write(json, "namespaces", found, space => space, space =>
        {
            json.WriteStartArray();
            json.WriteStringValue(space);
            json.WriteEndArray();
        }));
    }

    public async ValueTask<CatalogResponse> LoadAsync(string space, bool isHead, CancellationToken cancellationToken)
    {
        await RequireAsync(space, cancellationToken);
        return isHead ? RestAnswers.NoContent : Describe(space, await ReadPropertiesAsync(space, cancellationToken));
    }

    static CatalogResponse Describe(string space, IReadOnlyDictionary<string, string> properties) => RestAnswers.Json(json =>
    {
        RestAnswers.Namespace(json, space);
        RestAnswers.Map(json, "properties", properties);
    });

    async ValueTask<IReadOnlyDictionary<string, string>> ReadPropertiesAsync(string space, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await catalog.Store.ReadAsync(MarkerOf(space), cancellationToken));
            return RequestJson.Texts(new JsonNodeView(document.RootElement, $"{catalog.Store.RootUri}/{MarkerOf(space)}", "").Get("properties"));
        }
        catch (ObjectNotFoundException)
        {
            return new Dictionary<string, string>();
        }
        catch (JsonException e)
        {
            throw new CorruptTableException($"{catalog.Store.RootUri}/{MarkerOf(space)}: {e.Message} Restore the file, or remove it: it holds nothing but the namespace's properties.", e);
        }
    }

    public async ValueTask<CatalogResponse> CreateAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var document = RequestJson.Parse(body);
        var root = RequestJson.Root(document);
        var (space, properties) = RequestJson.Read(() => (RequestJson.Namespace(root.Get("namespace")), root.Find("properties") is { } map ? RequestJson.Texts(map) : []));
        if (!TableName.IsIdentifier(space))
            throw CatalogErrorException.BadRequest($"The request, namespace: '{space.Replace('\u001f', '.')}' can't be a namespace; expected one level of lower-case letters, digits and _, not starting with a digit.");
        if (await ExistsAsync(space, cancellationToken)) throw CatalogErrorException.Exists($"Namespace {space} exists already.");
        if (!await catalog.Store.TryCreateAsync(MarkerOf(space), Marker(properties), cancellationToken)) throw CatalogErrorException.Exists($"Namespace {space} exists already.");
        return Describe(space, properties);
    }

    public async ValueTask<CatalogResponse> DropAsync(string space, CancellationToken cancellationToken)
    {
        await RequireAsync(space, cancellationToken);
        if ((await catalog.ListTablesAsync(space, cancellationToken)).Count > 0)
            throw new CatalogErrorException(409, "NamespaceNotEmptyException", $"Namespace {space} holds tables; drop them first.");
        await catalog.Store.DeleteAsync(MarkerOf(space), cancellationToken);
        return RestAnswers.NoContent;
    }

    public async ValueTask<CatalogResponse> ListTablesAsync(string space, Page page, CancellationToken cancellationToken)
    {
        await RequireAsync(space, cancellationToken);
        var tables = await catalog.ListTablesAsync(space, cancellationToken);
        return RestAnswers.Json(json => page.Write(json, "identifiers", tables, table => table.Name, table =>
        {
            json.WriteStartObject();
            RestAnswers.Namespace(json, table.Namespace);
            json.WriteString("name", table.Name);
            json.WriteEndObject();
        }));
    }

    /// <summary>Sets and removes properties. Updates in this process queue; of two processes at once, the later one's document is the one that stays.</summary>
    public async ValueTask<CatalogResponse> UpdateAsync(string space, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var document = RequestJson.Parse(body);
        var root = RequestJson.Root(document);
        var (removals, updates) = RequestJson.Read(() =>
            (root.Find("removals")?.Items().Select(key => key.AsString()).Distinct(StringComparer.Ordinal).ToArray() ?? [], root.Find("updates") is { } map ? RequestJson.Texts(map) : []));
        if (removals.FirstOrDefault(updates.ContainsKey) is { } both)
            throw new CatalogErrorException(422, "UnprocessableEntityException", $"The request: property '{both}' is in removals and in updates. {RequestJson.Advice}");
        await RequireAsync(space, cancellationToken);
        await _updates.WaitAsync(cancellationToken);
        try
        {
            var properties = new Dictionary<string, string>(await ReadPropertiesAsync(space, cancellationToken), StringComparer.Ordinal);
            var removed = removals.Where(properties.Remove).ToArray();
            foreach (var (key, value) in updates) properties[key] = value;
            if (removed.Length + updates.Count > 0) await catalog.Store.PutAsync(MarkerOf(space), Marker(properties), cancellationToken);
            return RestAnswers.Json(json =>
            {
                RestAnswers.List(json, "updated", updates.Keys);
                RestAnswers.List(json, "removed", removed);
                RestAnswers.List(json, "missing", removals.Except(removed, StringComparer.Ordinal));
            });
        }
        finally
        {
            _updates.Release();
        }
    }

    static byte[] Marker(IReadOnlyDictionary<string, string> properties) => Encoding.UTF8.GetBytes(JsonText.Of(json =>
    {
        json.WriteStartObject();
        RestAnswers.Map(json, "properties", properties);
        json.WriteEndObject();
    }));
}
