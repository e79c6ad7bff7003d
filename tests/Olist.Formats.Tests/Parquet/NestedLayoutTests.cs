using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Formats.Parquet.Metadata;
using Olist.Formats.Parquet.Schema;
using static Olist.Formats.Tests.Parquet.ForeignFile;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Lists and maps as old writers laid them out (LogicalTypes.md, backward-compatibility rules), and levels that contradict themselves.</summary>
public sealed class NestedLayoutTests
{
    const Repetition Required = Repetition.Required, Optional = Repetition.Optional, Repeated = Repetition.Repeated;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static string TypeOf(params SchemaElement[] elements)
    {
        var field = new NestedSchema([new SchemaElement("root") { ChildCount = 1 }, .. elements]).Fields[0]!;
        return field.Refusal ?? $"{(field.Required ? "required " : "")}{field.Type}";
    }

    [Fact]
    public void The_element_of_a_list_is_found_in_every_old_layout()
    {
        var list = Group("my_list", 1, Optional, ConvertedType.List);
        Assert.Equal("list<int>", TypeOf(list, Group("list", 1, Repeated), Leaf("element", Optional)));
        Assert.Equal("list<int>", TypeOf(list, Group("bag", 1, Repeated), Leaf("array_element", Required)));
        Assert.Equal("list<int>", TypeOf(list, Leaf("element", Repeated)));
        Assert.Equal("list<struct<a: int, b: int>>", TypeOf(list, Group("element", 2, Repeated), Leaf("a", Required), Leaf("b", Required)));
        Assert.Equal("list<struct<a: int>>", TypeOf(list, Group("array", 1, Repeated), Leaf("a", Required)));
        Assert.Equal("list<struct<a: int>>", TypeOf(list, Group("my_list_tuple", 1, Repeated), Leaf("a", Required)));
        Assert.Equal("list<int>", TypeOf(list, Group("element", 1, Repeated), Leaf("a", Required)));
        Assert.Equal("list<list<int>>", TypeOf(list, Group("array", 1, Repeated, ConvertedType.List), Leaf("array", Repeated)));
        Assert.Equal("list<struct<items: list<int>>>", TypeOf(list, Group("list", 1, Repeated), Leaf("items", Repeated)));
        Assert.Equal("required list<int>", TypeOf(Leaf("numbers", Repeated)));
        Assert.Equal("required list<struct<a: int>>", TypeOf(Group("points", 1, Repeated), Leaf("a", Optional)));
        Assert.Equal("my_list is a LIST without the one repeated field that makes a list", TypeOf(list, Group("list", 1, Optional), Leaf("element", Optional)));
    }

    [Fact]
    public void Maps_of_every_annotation_are_maps()
    {
        SchemaElement[] entries = [Group("map", 2, Repeated), Leaf("k", Optional), Leaf("v", Optional)];
        Assert.Equal("map<int, int>", TypeOf([Group("m", 1, Optional, ConvertedType.Map), .. entries]));
        Assert.Equal("map<int, int>", TypeOf([Group("m", 1, Optional, ConvertedType.MapKeyValue), .. entries]));
        Assert.Equal("map<int, int>", TypeOf([Group("m", 1, Optional) with { Logical = new(LogicalTypeKind.Map) }, .. entries]));
        Assert.Equal("m is a MAP without one repeated group of key and value", TypeOf(Group("m", 1, Optional, ConvertedType.Map), Group("map", 1, Repeated), Leaf("k", Required)));
        Assert.Equal("v is a group of logical type Variant, which has no type here", TypeOf(Group("v", 1) with { Logical = new(LogicalTypeKind.Variant) }, Leaf("metadata", Required)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_level_lists_are_read_with_nulls_and_empty_ones_told_apart(bool isV2)
    {
        var file = new ForeignFile([Group("a", 1, Optional, ConvertedType.List, id: 1), Leaf("element", Repeated, id: 2),
                Group("b", 1, Optional, ConvertedType.List), Group("array", 1, Repeated, ConvertedType.List), Leaf("array", Repeated), Leaf("c", Repeated)], 4, isV2)
            .Chunk(1, 2, [(0, 2), (1, 2), (0, 1), (0, 0), (0, 2)], 1, 2, 3)
            .Chunk(2, 3, [(0, 3), (2, 3), (1, 2), (0, 0), (0, 1), (0, 3)], 1, 2, 3)
            .Chunk(1, 1, [(0, 1), (0, 0), (0, 1), (1, 1), (0, 0)], 1, 2, 3).ToBytes();
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        Assert.Equal([1, -1, -1], reader.Columns.Select(column => column.FieldId));
        Assert.Equal(2, reader.Columns[0].Type.Children[0].FieldId);
        var batch = await reader.ReadRowGroupAsync(0, reader.Columns, Token);
        string[] Rows(int column) => [.. Enumerable.Range(0, 4).Select(row => NestedSpelling.Of(batch.Columns[column], row).Replace("\"", "", StringComparison.Ordinal))];
        Assert.Equal(["[1,2]", "[]", "null", "[3]"], Rows(0));
        Assert.Equal(["[[1,2],[]]", "null", "[]", "[[3]]"], Rows(1));
        Assert.Equal(["[1]", "[]", "[2,3]", "[]"], Rows(2));
    }

    [Fact]
    public async Task Levels_that_contradict_themselves_are_named()
    {
        static ForeignFile List() => new([Group("a", 1, Optional, ConvertedType.List), Group("list", 1, Repeated), Leaf("element", Optional)], 2);
        Assert.Contains("column a.list.element: entry 1 goes on with a list that has no items", await ErrorOfAsync(List().Chunk(1, 3, [(0, 1), (1, 3), (0, 3)], 1, 2)), StringComparison.Ordinal);
        Assert.Contains("begin 1 rows, the row group has 2", await ErrorOfAsync(List().Chunk(1, 3, [(0, 3), (1, 3)], 1, 2)), StringComparison.Ordinal);
        Assert.Contains("begin 2 rows", await ErrorOfAsync(List().Chunk(1, 3, [(1, 3), (0, 3), (0, 3)], 1, 2, 3)), StringComparison.Ordinal);
        Assert.Contains("bytes for 2 values", await ErrorOfAsync(List().Chunk(1, 3, [(0, 3), (0, 3)], 1)), StringComparison.Ordinal);
        Assert.Contains("a level of 3 where 0 to 2 are possible", await ErrorOfAsync(new ForeignFile([Group("s", 1), Leaf("x", Optional)], 1).Chunk(0, 2, [(0, 3)], 1)), StringComparison.Ordinal);
        Assert.Contains("s.x and s.y disagree about s", await ErrorOfAsync(new ForeignFile([Group("s", 2), Leaf("x", Optional), Leaf("y", Optional)], 1).Chunk(0, 2, [(0, 0)]).Chunk(0, 2, [(0, 1)])), StringComparison.Ordinal);
        Assert.Contains("m.map.k and m.map.v disagree about m", await ErrorOfAsync(new ForeignFile([Group("m", 1, Optional, ConvertedType.Map), Group("map", 2, Repeated), Leaf("k", Required), Leaf("v", Required)], 1)
            .Chunk(1, 2, [(0, 2), (1, 2)], 1, 2).Chunk(1, 2, [(0, 2)], 1)), StringComparison.Ordinal);
        Assert.Contains("m.map.k is required, but 1 rows or items have no value", await ErrorOfAsync(new ForeignFile([Group("m", 1, Optional, ConvertedType.Map), Group("map", 2, Repeated), Leaf("k", Optional), Leaf("v", Optional)], 1)
            .Chunk(1, 3, [(0, 2)]).Chunk(1, 3, [(0, 3)], 1)), StringComparison.Ordinal);
    }

    static async Task<string> ErrorOfAsync(ForeignFile file)
    {
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file.ToBytes()), Token);
        return (await Assert.ThrowsAsync<FormatViolationException>(async () => await reader.ReadRowGroupAsync(0, reader.Columns, Token))).Message;
    }
}
