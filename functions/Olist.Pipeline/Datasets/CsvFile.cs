namespace Olist.Pipeline.Datasets;

/// <summary>One of the public CSV files: its name and exactly its header.</summary>
/// <param name="Name">File name inside the dataset's folder.</param>
/// <param name="HasUniqueKey">Whether its first column names each row; of several rows with one name the first counts.</param>
/// <param name="Columns">All columns, in the order of the header.</param>
public sealed record CsvFile(string Name, bool HasUniqueKey, params IReadOnlyList<CsvColumn> Columns);
