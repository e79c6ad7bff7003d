using Olist.Formats.Avro;

namespace Olist.Formats.Tests.Avro;

public sealed class AvroSchemaCacheTests
{
    static string Record(int number) => $$"""{"type":"record","name":"r{{number}}","fields":[]}""";

    [Fact]
    public void What_comes_again_is_made_once_and_what_is_ever_new_takes_no_more_memory()
    {
        var made = 0;
        var cache = new AvroSchemaCache<AvroSchema>(text =>
        {
            made++;
            return AvroSchema.Parse(text);
        });
        Assert.Same(cache.Get(Record(0)), cache.Get(Record(0)));
        Assert.Equal(1, made);
        for (var number = 0; number < 1_000; number++) Assert.Equal($"r{number}", ((AvroRecordSchema)cache.Get(Record(number))).Name);
        Assert.Equal(200, cache.Count);
    }

    [Fact]
    public void Huge_texts_and_those_that_are_no_schema_are_not_kept()
    {
        var cache = new AvroSchemaCache<AvroSchema>(AvroSchema.Parse);
        Assert.Throws<FormatViolationException>(() => cache.Get("{}"));
        cache.Get(Record(1) + new string(' ', 100_000));
        Assert.Equal(0, cache.Count);
    }
}
