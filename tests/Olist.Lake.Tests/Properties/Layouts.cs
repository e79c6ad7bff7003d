using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Properties;

/// <summary>The tables that cases start with.</summary>
static class Layouts
{
    static readonly IReadOnlyList<ColumnSchema> Columns =
    [
        new(1, LakeMachine.KeyColumn, DataType.String, Required: true),
        new(2, "status", DataType.String),
        new(3, "at", DataType.TimestampTz),
        new(4, "price", DataType.Decimal(10, 2)),
        new(5, "quantity", DataType.Int),
        new(6, "share", DataType.Float),
    ];

    static readonly (string, string)[][] Partitionings =
        [[], [("order_id", "bucket[3]")], [("at", "day")], [("status", "identity"), ("quantity", "truncate[5]")], [("at", "month"), ("order_id", "truncate[7]")]];

    public static TableDefinition Of(int number) => new(Columns)
    {
        Key = [LakeMachine.KeyColumn],
        Partitioning = Partitionings[number % Partitionings.Length],
        SortOrder = number / 5 % 2 == 0 ? [] : ["status", LakeMachine.KeyColumn],
        Properties = new Dictionary<string, string>
        {
            [TableProperties.ManifestsToMerge] = $"{2 + number / 10 % 4}",
            [TableProperties.PreviousVersionsMax] = $"{1 + number / 40 % 5}",
        },
    };
}
