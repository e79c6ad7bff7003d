using System.Runtime.ExceptionServices;

namespace Olist.Formats.Parquet;

/// <summary>Work on independent columns, on several threads when there are many values.</summary>
static class SideBySide
{
    /// <summary>Below this, starting threads costs more than it saves.</summary>
    const long MinValues = 100_000;

    /// <summary>Runs <paramref name="body"/> for every column; the first error comes out as it was thrown.</summary>
    public static void Run(int columns, long rows, int maxParallelism, Action<int> body)
    {
        if (maxParallelism <= 1 || columns <= 1 || rows * columns < MinValues)
        {
            for (var i = 0; i < columns; i++) body(i);
            return;
        }
        try
        {
            Parallel.For(0, columns, new ParallelOptions { MaxDegreeOfParallelism = maxParallelism }, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
