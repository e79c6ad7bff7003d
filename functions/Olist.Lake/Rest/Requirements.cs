using System.Globalization;
using Olist.Lake.Metadata;

namespace Olist.Lake.Rest;

/// <summary>What a commit was computed from. All must hold for the version that it goes on top of, and again after every lost race.</summary>
sealed class Requirements
{
    readonly List<Func<TableMetadata, string?>> _checks = [];

    /// <summary>Whether the commit makes the table.</summary>
    public bool Create { get; private set; }

    /// <exception cref="CatalogErrorException">400: an unknown requirement, or a malformed one.</exception>
    public static Requirements Read(JsonNodeView json)
    {
        var requirements = new Requirements();
        foreach (var item in json.Items()) requirements.Add(item);
        return requirements;
    }

    void Add(JsonNodeView json)
    {
        var type = json.Get("type").AsString();
        switch (type)
        {
            case "assert-create":
                Create = true;
                break;
            case "assert-table-uuid":
                var uuid = json.Get("uuid").AsString();
                _checks.Add(table => Differs("table-uuid", uuid.ToLowerInvariant(), table.TableUuid.ToLowerInvariant()));
                break;
            case "assert-ref-snapshot-id":
                var (name, id) = (json.Get("ref").AsString(), json.Find("snapshot-id")?.AsLong());
                _checks.Add(table => Differs($"ref {name}", Text(id), Text(table.Refs.GetValueOrDefault(name)?.SnapshotId)));
                break;
            case "assert-last-assigned-field-id":
                AddNumber(json, "last-assigned-field-id", table => table.LastColumnId);
                break;
            case "assert-current-schema-id":
                AddNumber(json, "current-schema-id", table => table.CurrentSchemaId);
                break;
            case "assert-last-assigned-partition-id":
                AddNumber(json, "last-assigned-partition-id", table => table.LastPartitionId);
                break;
            case "assert-default-spec-id":
                AddNumber(json, "default-spec-id", table => table.DefaultSpecId);
                break;
            case "assert-default-sort-order-id":
                AddNumber(json, "default-sort-order-id", table => table.DefaultSortOrderId);
                break;
            default:
                throw json.Corrupt($"requirement '{type}' is not known");
        }
    }

    void AddNumber(JsonNodeView json, string key, Func<TableMetadata, int> actual)
    {
        var expected = json.Get(key).AsInt();
        _checks.Add(table => Differs(key, Text(expected), Text(actual(table))));
    }

    static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "none";

    static string? Differs(string what, string expected, string actual) => expected == actual ? null : $"{what} was expected to be {expected}, but is {actual}";

    /// <param name="table">For errors.</param>
    /// <param name="current">Null: there is no such table.</param>
    /// <exception cref="CatalogErrorException">409: one does not hold; 404: there is no table.</exception>
    public void Check(TableName table, TableMetadata? current)
    {
        if (current is null)
        {
            if (!Create) throw CatalogErrorException.NoTable(table.Namespace, table.Name);
            return;
        }
        if (Create) throw CatalogErrorException.CommitFailed($"Requirement failed: table {table} exists already.");
        foreach (var check in _checks)
            if (check(current) is { } failure) throw CatalogErrorException.CommitFailed($"Requirement failed: table {table}: {failure}. Refresh the table and try again; nothing was committed.");
    }
}
