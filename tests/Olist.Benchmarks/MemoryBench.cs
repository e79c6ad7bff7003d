namespace Olist.Benchmarks;

static class MemoryBench
{
    public static Task<int> RunAsync(long rows, string folder) => throw new NotSupportedException($"{rows} {folder}");
}
