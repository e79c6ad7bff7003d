namespace Olist.Pipeline.Datasets;

/// <summary>What keeps a piece of a CSV file from being a row.</summary>
public enum CsvFlaw
{
    None,
    /// <summary>Well-formed, but with another number of fields than the header.</summary>
    FieldCount,
    /// <summary>A quoted field does not end within <see cref="CsvReader.MaxRecordBytes"/> or the file.</summary>
    UnclosedQuote,
    /// <summary>Something other than a comma or a line end follows a closing quote.</summary>
    TextAfterQuote,
    /// <summary>Longer than <see cref="CsvReader.MaxRecordBytes"/>.</summary>
    TooLong,
}
