using System.Runtime.InteropServices;

namespace Olist.Functions.Tests.Crashes.Child;

/// <summary>The durable steps that this process meets, by name; at one of them it dies.</summary>
sealed partial class DurableSteps(string? killAt, int killAtTime)
{
    readonly Lock _gate = new();
    readonly OrderedDictionary<string, int> _met = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were first met.</summary>
    public IReadOnlyList<StepMet> Met
    {
        get
        {
            lock (_gate) return [.. _met.Select(step => new StepMet(step.Key, step.Value))];
        }
    }

    public void Meet(string name)
    {
        int times;
        lock (_gate) _met[name] = times = _met.GetValueOrDefault(name) + 1;
        if (name != killAt || times != killAtTime) return;
        _ = Kill(Environment.ProcessId, 9); // SIGKILL: no handler, no finally, no buffer is written.
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Around one durable effect.</summary>
    public async ValueTask<T> AroundAsync<T>(string name, Func<ValueTask<T>> effect)
    {
        Meet(name + ".before");
        var result = await effect();
        Meet(name + ".after");
        return result;
    }

    public async ValueTask AroundAsync(string name, Func<ValueTask> effect)
    {
        Meet(name + ".before");
        await effect();
        Meet(name + ".after");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
