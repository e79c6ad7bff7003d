using System.Text;
using Olist.Formats.Columns;
using Olist.Lake.Partitioning;

namespace Olist.Lake;

/// <summary>One field of a partition: a transform of a column.</summary>
/// <param name="SourceId">Field id of the column.</param>
/// <param name="FieldId">Unique over all specs of the table, from 1000 on.</param>
/// <param name="Name">Unique in the spec; a column's name only for <c>identity</c> on that column.</param>
/// <param name="Transform">From column values to partition values.</param>
public sealed record PartitionField(int SourceId, int FieldId, string Name, Transform Transform);

/// <summary>How rows are spread over files: every data file holds rows of one partition only.</summary>
public sealed record PartitionSpec(int SpecId, IReadOnlyList<PartitionField> Fields)
{
    public const int FirstFieldId = 1000;

    public bool IsUnpartitioned => Fields.Count == 0;

    /// <summary>The types of the partition values; a source column that is no longer in the schema counts as text.</summary>
    internal DataType[] ResultTypes(IEnumerable<TableSchema> schemas)
    {
        var all = schemas as IReadOnlyCollection<TableSchema> ?? [.. schemas];
        return Fields.Select(field => field.Transform.ResultType(
            all.Select(schema => schema.FindColumn(field.SourceId)).FirstOrDefault(column => column is not null)?.Type ?? DataType.String)).ToArray();
    }

    /// <summary><c>name=value/name=value</c>, or nothing for an unpartitioned table.</summary>
    internal string PathOf(PartitionKey key, TableSchema schema)
    {
        var path = new StringBuilder();
        for (var i = 0; i < Fields.Count; i++)
        {
            var field = Fields[i];
            var text = key.Values[i] is { } value ? field.Transform.ToText(schema.FindColumn(field.SourceId)!.Type, value) : "null"; // specs that are written with bind to the schema
            if (i > 0) path.Append('/');
            path.Append(PartitionText.Encode(field.Name)).Append('=').Append(PartitionText.Encode(text));
        }
        return path.ToString();
    }
}
