using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Rows of a column that belong to the row group in the making; the column is not copied.</summary>
readonly record struct ColumnRun(Column Column, int Start, int Count);
