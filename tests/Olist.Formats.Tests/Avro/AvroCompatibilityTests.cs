using Olist.Formats.Avro;

namespace Olist.Formats.Tests.Avro;

public sealed class AvroCompatibilityTests
{
    static IReadOnlyList<string> Explain(string reader, string writer) => AvroCompatibility.Explain(Field(reader), Field(writer));

    /// <summary>A record of one field, since that is where schemas change.</summary>
    static AvroSchema Field(string type) => AvroSchema.Parse($$"""{"type":"record","name":"r","fields":[{"name":"a","type":{{type}}}]}""");

    [Theory]
    [InlineData("\"long\"", "\"int\"")]
    [InlineData("\"double\"", "\"long\"")]
    [InlineData("\"bytes\"", "\"string\"")]
    [InlineData("""["null","int"]""", "\"int\"")]
    [InlineData("""["null","long"]""", """["int","null"]""")]
    [InlineData("""{"type":"array","items":"double"}""", """{"type":"array","items":"int"}""")]
    [InlineData("""{"type":"map","values":"long"}""", """{"type":"map","values":"int"}""")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A","B"]}""", """{"type":"enum","name":"e","symbols":["B"]}""")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A"],"default":"A"}""", """{"type":"enum","name":"e","symbols":["B"]}""")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}""", """{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}""")]
    public void Wider_readers_read(string reader, string writer) => Assert.Empty(Explain(reader, writer));

    [Theory]
    [InlineData("\"int\"", "\"long\"", "$.a: \"long\" is read as \"int\"")]
    [InlineData("\"int\"", """["null","int"]""", "$.a: \"null\" is read as \"int\"")]
    [InlineData("""["null","string"]""", "\"int\"", "$.a: no branch of")]
    [InlineData("""{"type":"array","items":"int"}""", """{"type":"array","items":"string"}""", "$.a.items: \"string\" is read as \"int\"")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A"]}""", """{"type":"enum","name":"e","symbols":["A","B"]}""", "$.a: symbols B are unknown")]
    [InlineData("""{"type":"fixed","name":"f","size":4}""", """{"type":"fixed","name":"f","size":5}""", "$.a: 5 bytes are read as 4")]
    [InlineData("""{"type":"fixed","name":"f","size":4}""", """{"type":"fixed","name":"g","size":4}""", "$.a: g is read as f")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":10,"scale":3}""", """{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}""", "$.a: decimal(10, 2) is read as decimal(10, 3)")]
    [InlineData("""{"type":"record","name":"n","fields":[{"name":"x","type":"int"}]}""", """{"type":"record","name":"n","fields":[]}""", "$.a.x: was not written and has no default")]
    public void Others_are_told_why(string reader, string writer, string expected) =>
        Assert.Contains(Explain(reader, writer), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Recursive_schemas_come_to_an_end()
    {
        var old = AvroSchema.Parse("""{"type":"record","name":"n","fields":[{"name":"v","type":"int"},{"name":"next","type":["null","n"]}]}""");
        var newer = AvroSchema.Parse("""{"type":"record","name":"n","fields":[{"name":"v","type":"long"},{"name":"next","type":["null","n"]}]}""");
        Assert.Empty(AvroCompatibility.Explain(newer, old));
        Assert.NotEmpty(AvroCompatibility.Explain(old, newer));
    }
}
