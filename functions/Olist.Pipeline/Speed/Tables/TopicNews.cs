using Olist.Formats.Columns;

namespace Olist.Pipeline.Speed.Tables;

/// <summary>What a topic has told since a table last took it in.</summary>
/// <param name="Next">The next offset of each partition that told anything.</param>
/// <param name="Records">How many records it was.</param>
sealed record TopicNews(RowBatch Rows, Dictionary<int, long> Next, long Records);
