using Olist.Formats.Avro;

namespace Olist.Formats.Tests.Avro;

public sealed class AvroSchemaTests
{
    /// <summary>Vectors of the Avro project's own schema tests.</summary>
    [Theory]
    [InlineData("\"null\"", 7195948357588979594)]
    [InlineData("\"boolean\"", -6970731678124411036)]
    [InlineData("\"int\"", 8247732601305521295)]
    [InlineData("\"long\"", -3434872931120570953)]
    [InlineData("\"float\"", 5583340709985441680)]
    [InlineData("\"double\"", -8181574048448539266)]
    [InlineData("\"bytes\"", 5746618253357095269)]
    [InlineData("\"string\"", -8142146995180207161)]
    [InlineData("[\"int\",\"boolean\"]", 5392556393470105090)]
    [InlineData("""{"fields":[], "type":"record", "name":"foo"}""", -4824392279771201922)]
    [InlineData("""{"fields":[{"type":{"type":"boolean"}, "name":"f1"}], "type":"record", "name":"foo"}""", 7843277075252814651)]
    public void Fingerprint_equals_the_specification(string json, long expected) =>
        Assert.Equal(expected, (long)AvroSchema.Parse(json).Fingerprint());

    [Fact]
    public void Canonical_form_strips_orders_and_qualifies()
    {
        var schema = AvroSchema.Parse("""
            {"type":"record","namespace":"olist","doc":"x","name":"payment","fields":[
              {"name":"kind","doc":"y","default":"CARD","type":{"symbols":["CARD","BOLETO"],"type":"enum","name":"kind"}},
              {"name":"value","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}],"default":null,"field-id":7},
              {"name":"again","type":"kind"}]}
            """);
        Assert.Equal(
            """{"name":"olist.payment","type":"record","fields":[{"name":"kind","type":{"name":"olist.kind","type":"enum","symbols":["CARD","BOLETO"]}},{"name":"value","type":["null","bytes"]},{"name":"again","type":"olist.kind"}]}""",
            schema.ToCanonicalForm());
    }

    [Fact]
    public void Identity_form_knows_logical_types_and_defaults_but_not_docs()
    {
        const string Text = """{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"bytes","scale":SCALE,"logicalType":"decimal","precision":10},"doc":"DOC"}]}""";
        var first = AvroSchema.Parse(Text.Replace("SCALE", "2", StringComparison.Ordinal));
        var redocumented = AvroSchema.Parse(Text.Replace("SCALE", "2", StringComparison.Ordinal).Replace("DOC", "another", StringComparison.Ordinal));
        var rescaled = AvroSchema.Parse(Text.Replace("SCALE", "3", StringComparison.Ordinal));
        Assert.Equal(first.ToIdentityForm(), redocumented.ToIdentityForm());
        Assert.NotEqual(first.ToIdentityForm(), rescaled.ToIdentityForm());
        Assert.Equal(first.Fingerprint(), rescaled.Fingerprint());
    }

    [Fact]
    public void Json_keeps_field_ids_and_writes_bare_primitives()
    {
        const string Text = """
            {"name":"manifest_entry","type":"record","fields":[{"name":"status","type":"int","field-id":0},{"name":"at","type":{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":true},"field-id":1},{"name":"offsets","type":["null",{"type":"array","items":"long","element-id":133}],"default":null,"field-id":132}]}
            """;
        var schema = AvroSchema.Parse(Text.Replace("\"int\"", "{\"type\":\"int\"}", StringComparison.Ordinal));
        Assert.Equal(Text.Trim(), schema.ToJson());
        Assert.Equal(schema.ToJson(), AvroSchema.Parse(schema.ToJson()).ToJson());
        var offsets = (AvroUnionSchema)((AvroRecordSchema)schema).Fields[2].Schema;
        Assert.Equal(133, offsets.Branches[1].Attributes["element-id"].GetInt32());
    }

    [Fact]
    public void Record_may_refer_to_itself()
    {
        const string Text = """{"name":"a.node","type":"record","fields":[{"name":"next","type":["null","a.node"]}]}""";
        Assert.Equal(Text, AvroSchema.Parse(Text).ToJson());
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("5", "$: found Number")]
    [InlineData("\"order\"", "$: 'order' is neither")]
    [InlineData("""{"name":"r"}""", "$: no \"type\"")]
    [InlineData("""{"type":"record","name":"r"}""", "$: no \"fields\"")]
    [InlineData("""{"type":"record","name":"1r","fields":[]}""", "$.name: '1r' is not a name")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "$.fields[1]: a second field named 'a'")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":["null","nul"]}]}""", "$.fields[0].type[1]: 'nul' is neither")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":["null","int"],"default":1}]}""", "$.fields[0].default: found 1, expected a value of null, the first branch")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int","default":"1"}]}""", "$.fields[0].default: found \"1\"")]
    [InlineData("""["null",["int"]]""", "$[1]: a union directly inside")]
    [InlineData("""["int","int"]""", "$[1]: a second branch of type int")]
    [InlineData("[]", "$: a union without branches")]
    [InlineData("""{"type":"fixed","name":"f","size":-1}""", "$.size: found -1")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A","A"]}""", "$.symbols[1]: a second symbol")]
    [InlineData("""[{"type":"fixed","name":"f","size":1},{"type":"fixed","name":"f","size":2}]""", "'f' is defined twice")]
    public void Mistakes_are_named_with_their_path(string json, string expected)
    {
        var exception = Assert.Throws<FormatViolationException>(() => AvroSchema.Parse(json));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
