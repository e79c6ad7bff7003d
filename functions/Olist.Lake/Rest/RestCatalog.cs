using Olist.Storage;

namespace Olist.Lake.Rest;

/// <summary>The Iceberg REST catalog protocol over a lake, without the HTTP around it: what outside engines load, create and commit.</summary>
/// <remarks>Safe to use from many threads and processes; commits go through the same create-if-absent as everybody else's. Who may write is decided by the caller.</remarks>
public sealed class RestCatalog
{
    readonly RestCatalogOptions _options;
    readonly Namespaces _namespaces;
    readonly Tables _tables;
    readonly TableCreation _creation;
    readonly TableRegistration _registration;
    readonly TableCommits _commits;

    public RestCatalog(LakeCatalog catalog, RestCatalogOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        _options = options ?? new RestCatalogOptions();
        _namespaces = new Namespaces(catalog);
        _tables = new Tables(catalog, _options);
        _creation = new TableCreation(catalog, _namespaces, _options);
        _registration = new TableRegistration(catalog, _namespaces, _options);
        _commits = new TableCommits(catalog, _namespaces, _options);
    }

    /// <summary>Answers any request; errors are answers too.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="cancellationToken">Abandons the work. A commit that has happened stays committed.</param>
    public async ValueTask<CatalogResponse> HandleAsync(CatalogRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await RouteAsync(request, cancellationToken);
        }
        catch (CatalogErrorException e)
        {
            return RestAnswers.Error(e.Code, e.Type, e.Message);
        }
        catch (CommitStateUnknownException e)
        {
            return RestAnswers.Error(500, nameof(CommitStateUnknownException), e.Message);
        }
        catch (NotATableException e)
        {
            return RestAnswers.Error(404, "NoSuchTableException", e.Message);
        }
        catch (UnsupportedFormatException e)
        {
            return RestAnswers.Error(501, "UnsupportedOperationException", e.Message);
        }
        catch (LakeException e)
        {
            return RestAnswers.Error(500, e.GetType().Name, e.Message);
        }
        catch (StoreException e)
        {
            return RestAnswers.Error(503, "ServiceUnavailableException", e.Message);
        }
    }

    ValueTask<CatalogResponse> RouteAsync(CatalogRequest request, CancellationToken cancellationToken)
    {
        var (method, body) = (request.Method, request.Body);
        return request.Path.Trim('/').Split('/') switch
        {
            ["config"] when method == "GET" => new(Config()),
            ["namespaces"] when method == "GET" => _namespaces.ListAsync(request.Query.GetValueOrDefault("parent"), Page.Of(request), cancellationToken),
            ["namespaces"] when method == "POST" => _namespaces.CreateAsync(body, cancellationToken),
            ["namespaces", var space] when method is "GET" or "HEAD" => _namespaces.LoadAsync(space, isHead: method == "HEAD", cancellationToken),
            ["namespaces", var space] when method == "DELETE" => _namespaces.DropAsync(space, cancellationToken),
            ["namespaces", var space, "properties"] when method == "POST" => _namespaces.UpdateAsync(space, body, cancellationToken),
            ["namespaces", var space, "register"] when method == "POST" => _registration.RegisterAsync(space, body, cancellationToken),
            ["namespaces", var space, "tables"] when method == "GET" => _namespaces.ListTablesAsync(space, Page.Of(request), cancellationToken),
            ["namespaces", var space, "tables"] when method == "POST" => _creation.CreateAsync(space, body, cancellationToken),
            ["namespaces", var space, "tables", var table] when method == "GET" => _tables.LoadAsync(space, table, IsRefsOnly(request), request.IfNoneMatch, cancellationToken),
            ["namespaces", var space, "tables", var table] when method == "HEAD" => _tables.ExistsAsync(space, table, cancellationToken),
            ["namespaces", var space, "tables", var table] when method == "POST" => _commits.CommitAsync(space, table, body, cancellationToken),
            ["namespaces", var space, "tables", var table] when method == "DELETE" => _tables.DropAsync(space, table, IsTrue(request.Query.GetValueOrDefault("purgeRequested")), cancellationToken),
            ["tables", "rename"] when method == "POST" => throw CatalogErrorException.CanNotRename(),
            ["transactions", "commit"] when method == "POST" => _commits.CommitAllAsync(body, cancellationToken),
            _ => throw CatalogErrorException.Unsupported($"{method} /v1/{request.Path}"),
        };
    }

    static bool IsRefsOnly(CatalogRequest request) => request.Query.GetValueOrDefault("snapshots") switch
    {
        null or "" or "all" => false,
        "refs" => true,
        var other => throw CatalogErrorException.BadRequest($"The request, snapshots: '{other}' is not all or refs."),
    };

    static bool IsTrue(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Endpoints as clients know them. Without the list they call what is not there. Transactions are taken, but not named: who reads that they are offered expects several tables in one.</summary>
    static readonly string[] Endpoints =
    [
        "GET /v1/{prefix}/namespaces", "POST /v1/{prefix}/namespaces",
        "GET /v1/{prefix}/namespaces/{namespace}", "HEAD /v1/{prefix}/namespaces/{namespace}", "DELETE /v1/{prefix}/namespaces/{namespace}",
        "POST /v1/{prefix}/namespaces/{namespace}/properties", "POST /v1/{prefix}/namespaces/{namespace}/register",
        "GET /v1/{prefix}/namespaces/{namespace}/tables", "POST /v1/{prefix}/namespaces/{namespace}/tables",
        "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}", "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}",
        "POST /v1/{prefix}/namespaces/{namespace}/tables/{table}", "DELETE /v1/{prefix}/namespaces/{namespace}/tables/{table}",
    ];

    CatalogResponse Config() => RestAnswers.Json(json =>
    {
        RestAnswers.Map(json, "defaults", _options.StorageConfig);
        RestAnswers.Map(json, "overrides", []);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in Endpoints) json.WriteStringValue(endpoint);
        json.WriteEndArray();
    });
}
