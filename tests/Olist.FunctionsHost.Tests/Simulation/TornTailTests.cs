using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>The durable log ends at any byte, as a loss of power may leave it: what is recovered is what was committed up to some moment, never half a commit.</summary>
public sealed class TornTailTests
{
    static readonly int[] Added = [10, 20, 30], Passed = [1, 2, 3];

    /// <summary>
    /// A coin leaves one ledger and is on its way to the other in one commit; a signal is taken and added in one. So at every cut, once what is
    /// there has run, no coin is lost or made, and both ledgers have had the first signals, however many, without a gap.
    /// </summary>
    [Fact]
    public void At_every_byte_it_recovers_a_prefix_of_the_commits()
    {
        using var folder = new TempFolder();
        var whole = Write(folder);
        using var cut = new TempFolder();
        var (ends, last) = (new HashSet<(int, int)>(), (Added: 0, Passed: 0));
        for (var length = 0; length <= whole.Length; length++)
        {
            var (giver, taker) = Recover(cut, whole.AsSpan(0, length), seed: length);
            Assert.Equal(0, giver.Balance + taker.Balance);
            Assert.Equal(Added[..giver.Entries.Count], giver.Entries);
            Assert.Equal(Passed[..taker.Entries.Count], taker.Entries);
            Assert.True(giver.Entries.Count >= last.Added && taker.Entries.Count >= last.Passed, $"with {length} bytes there is less than with one fewer");
            ends.Add(last = (giver.Entries.Count, taker.Entries.Count));
        }
        Assert.Equal((3, 3), last);
        Assert.Equal(7, ends.Count);
    }

    static byte[] Write(TempFolder folder)
    {
        var (threads, host) = Open(folder, 1);
        using (host)
        {
            foreach (var signal in Added.Zip(Passed, (added, passed) => new[] { new Numbered(added), new Numbered(passed, PassTo: "taker") }).SelectMany(both => both))
                threads.Finish(threads.RunAsync(() => host.Client.Entities.SignalEntityAsync(Ledger.IdOf("giver"), "Add", signal)));
            threads.Finish(Task.CompletedTask);
        }
        return File.ReadAllBytes(Directory.GetFiles(Path.Combine(folder.Root, "durable"), "*.wal").Single());
    }

    static (LedgerState Giver, LedgerState Taker) Recover(TempFolder folder, ReadOnlySpan<byte> log, int seed)
    {
        var durable = Path.Combine(folder.Root, "durable");
        if (Directory.Exists(durable)) Directory.Delete(durable, recursive: true);
        Directory.CreateDirectory(durable);
        File.WriteAllBytes(Path.Combine(durable, "log-00000001.wal"), log);
        var (threads, host) = Open(folder, seed);
        using (host)
        {
            threads.Finish(Task.CompletedTask);
            Assert.False(host.Engine.IsDead);
            return (State("giver"), State("taker"));
        }

        LedgerState State(string key)
        {
            var read = threads.RunAsync(() => host.Client.Entities.GetEntityAsync<LedgerState>(Ledger.IdOf(key)));
            threads.Finish(read);
            return read.Result?.State ?? new LedgerState();
        }
    }

    static (SeededThreads Threads, SimulatedHost Host) Open(TempFolder folder, int seed)
    {
        var (random, trace, clock) = (new Random(seed), new SimulationTrace(false), new ManualClock(new DateTimeOffset(2018, 3, 1, 12, 0, 0, TimeSpan.Zero)));
        var threads = new SeededThreads(random, trace);
        var host = new SimulatedHost(folder.Root, threads, new Chance(random), clock, new SimulatedLog(1, random, trace) { Clock = clock }, new SimulatedWorld(random, trace) { Clock = clock, IsUnreliable = false }, new NoFaults());
        host.Start();
        return (threads, host);
    }
}
