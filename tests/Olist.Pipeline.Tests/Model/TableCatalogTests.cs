using Olist.Pipeline.Model;

namespace Olist.Pipeline.Tests.Model;

public sealed class TableCatalogTests
{
    public static TheoryData<string> Names() => [.. TableCatalog.All.Select(table => table.FullName)];

    [Theory, MemberData(nameof(Names))]
    public void Every_table_has_a_schema_whose_key_is_required_and_whose_other_fields_are_not(string name)
    {
        var table = TableCatalog.Find(name)!;
        Assert.Equal(table.Key, table.Columns.Take(table.Key.Count).Select(column => column.Name));
        Assert.All(table.Columns, column => Assert.Equal(table.Key.Contains(column.Name), column.Required));
        Assert.Equal(Enumerable.Range(1, table.TableColumns.Count), table.TableColumns.Select(column => column.FieldId));
        Assert.Equal(table.TableColumns.Count, table.TableColumns.Select(column => column.Name).Distinct().Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_schema_says_what_each_field_is(string name)
    {
        var table = TableCatalog.Find(name)!;
        using var schema = System.Text.Json.JsonDocument.Parse(table.LoadSchemaJson());
        Assert.Equal(table.Name, schema.RootElement.GetProperty("name").GetString());
        foreach (var field in schema.RootElement.GetProperty("fields").EnumerateArray())
        {
            Assert.NotEmpty(field.GetProperty("doc").GetString()!);
            var type = field.GetProperty("type");
            if (type.ValueKind != System.Text.Json.JsonValueKind.Array) continue;
            Assert.Equal("null", type[0].GetString());
            Assert.Equal(System.Text.Json.JsonValueKind.Null, field.GetProperty("default").ValueKind);
        }
    }

    [Fact]
    public void Every_schema_file_belongs_to_a_table_or_to_a_topic_of_the_speed_layer()
    {
        var embedded = typeof(TableCatalog).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".avsc", StringComparison.Ordinal)).Order();
        Assert.Equal(TableCatalog.All.Select(table => table.SchemaResource).Append("schemas/stream/delivery_status.avsc").Distinct().Order(), embedded);
    }

    [Fact]
    public void There_are_nine_bronze_and_six_silver_topics()
    {
        Assert.Equal(9, TableCatalog.BronzeTopics.Count);
        Assert.Equal(6, TableCatalog.SilverTopics.Count);
        Assert.Equal(15, TableCatalog.All.Count(table => table.IsTopic));
        Assert.All(TableCatalog.BronzeTopics.Concat(TableCatalog.SilverTopics), topic => Assert.Same(topic, TableCatalog.FindTopic(topic.Name)));
        Assert.Null(TableCatalog.FindTopic("watermark"));
    }
}
