using System.Text;

namespace Olist.Pipeline.Datasets;

/// <summary>An opened CSV file whose header has been found right.</summary>
sealed class CsvSource : IDisposable
{
    CsvSource(CsvFile file, CsvReader reader, long lengthBytes)
    {
        File = file;
        Reader = reader;
        LengthBytes = lengthBytes;
    }

    public CsvFile File { get; }

    /// <summary>Stands behind the header.</summary>
    public CsvReader Reader { get; }

    public long LengthBytes { get; }

    /// <exception cref="DatasetException">There is no such file, it can't be read, or it has another header.</exception>
    public static CsvSource Open(string folder, CsvFile file)
    {
        var path = Path.Combine(folder, file.Name);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"{path} is missing. A dataset is the nine public CSV files in one folder ({string.Join(", ", DatasetFiles.All.Select(known => known.Name))}): put it there.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} can't be opened: {exception.Message} Make it a file that this user may read.", exception);
        }
        var source = new CsvSource(file, new CsvReader(stream), stream.Length);
        try
        {
            source.ReadHeader(path);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    void ReadHeader(string path)
    {
        var expected = File.Columns.Select(column => column.Header).ToArray();
        if (!Reader.Read())
            throw new DatasetException($"{path}, line 1: the file is empty; expected the header {string.Join(',', expected)}. Fetch the file again.");
        if (Reader.Flaw != CsvFlaw.None)
            throw new DatasetException($"{path}, line 1: no header can be read ({Describe(Reader.Flaw)}); expected {string.Join(',', expected)}. Fetch the file again.");
        var found = Enumerable.Range(0, Math.Min(Reader.FieldCount, 32)).Select(field => Encoding.UTF8.GetString(Reader[field])).ToArray();
        if (HeaderCheck.FindProblem(expected, found, Reader.Raw) is { } problem)
            throw new DatasetException($"{path}, line 1: {problem} Expected exactly {string.Join(',', expected)}.");
        Reader.ExpectedFields = expected.Length;
    }

    /// <summary>What is wrong with the reader's current row.</summary>
    public string DescribeFlaw() => Reader.Flaw == CsvFlaw.FieldCount
        ? $"{Reader.FieldCount} fields; expected {Reader.ExpectedFields}"
        : Describe(Reader.Flaw);

    string Describe(CsvFlaw flaw) => flaw switch
    {
        CsvFlaw.UnclosedQuote => $"a quoted field does not end within {Reader.MaxRecordBytes} bytes or the file; expected a closing quote",
        CsvFlaw.TextAfterQuote => "text follows a closing quote; expected a comma or the end of the line (a quote inside a quoted field is doubled)",
        _ => $"longer than {Reader.MaxRecordBytes} bytes; expected a row of the dataset",
    };

    public void Dispose() => Reader.Dispose();
}
