namespace Olist.Lake.Rest;

/// <summary>An answer that is an error; clients go by code and type.</summary>
#pragma warning disable CA1032, CA1064 // never leaves this folder: RestCatalog turns it into an answer
sealed class CatalogErrorException(int code, string type, string message, Exception? inner = null) : LakeException(message, inner)
#pragma warning restore CA1032, CA1064
{
    public int Code => code;
    public string Type => type;

    public static CatalogErrorException BadRequest(string message, Exception? inner = null) => new(400, "BadRequestException", message, inner);
    public static CatalogErrorException NoNamespace(string name) => new(404, "NoSuchNamespaceException", $"There is no namespace {Shown(name)}.");
    public static CatalogErrorException NoTable(string space, string name) => new(404, "NoSuchTableException", $"There is no table {Shown(space)}.{name}.");
    public static CatalogErrorException Exists(string message) => new(409, "AlreadyExistsException", message);
    public static CatalogErrorException CommitFailed(string message, Exception? inner = null) => new(409, "CommitFailedException", message, inner);
    public static CatalogErrorException Unsupported(string what) => new(501, "UnsupportedOperationException", $"{what} is not offered by this catalog; see the endpoints of /v1/config.");

    /// <summary>The protocol's answer of a catalog that can't rename, which one over folders can't: a table lies where it is called.</summary>
    public static CatalogErrorException CanNotRename() => new(406, "UnsupportedOperationException",
        "A table of this catalog lies in the folder of its name, and its files name each other by that place, so it can't be renamed. Make a table of the new name from the old one (CREATE TABLE ... AS SELECT); nothing was changed.");

    static string Shown(string space) => space.Replace('\u001f', '.');
}
