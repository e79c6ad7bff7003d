using System.Diagnostics;

namespace Olist.Benchmarks;

/// <summary>Cost of one piece of work.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">Of all threads of the process, its garbage collector included.</param>
/// <param name="AllocatedBytes">On the managed heap.</param>
/// <param name="Result">What came out, to compare with the other side.</param>
sealed record Measured(double Seconds, double CpuSeconds, long AllocatedBytes, string Result)
{
    public static async Task<Measured> RunAsync(Func<Task<string>> work)
    {
        var (allocated, cpu, started) = (GC.GetTotalAllocatedBytes(), CpuTime(), Stopwatch.GetTimestamp());
        var result = await work();
        return new Measured(Stopwatch.GetElapsedTime(started).TotalSeconds, (CpuTime() - cpu).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated, result);
    }

    static TimeSpan CpuTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
