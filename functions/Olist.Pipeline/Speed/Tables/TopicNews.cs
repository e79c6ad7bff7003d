using Olist.Formats.Columns;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>What a topic has told since a table last took it in.</summary>
/// <param name="Offsets">Of the record of each row.</param>
/// <param name="Next">The next offset of each partition that told anything.</param>
/// <param name="Records">How many records it was.</param>
sealed record TopicNews(RowBatch Rows, IReadOnlyList<long> Offsets, Dictionary<int, long> Next, long Records);
