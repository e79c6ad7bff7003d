using System.Security.Cryptography;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>
/// Everything that one seed says: some lives of a host that end in a crash, with what is not written lost and the last write torn; then one that
/// lives until all is done, and one that only reads what it left.
/// </summary>
sealed class SimulationRun : IDisposable
{
    const int MaxSteps = 40_000;
    const int TurnsPerLife = 8;

    readonly TempFolder _folder = new();
    readonly Random _random;
    readonly SimulationTrace _trace;
    readonly SimulationModel _model = new();
    readonly SimulatedWorld _world;
    readonly SimulatedLog _log;
    DateTimeOffset _now = new(2018, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public SimulationRun(int seed, bool keepsTrace)
    {
#pragma warning disable CA5394 // A seed that can be given again is the point.
        _random = new Random(seed);
#pragma warning restore CA5394
        _trace = new SimulationTrace(keepsTrace);
        _world = new SimulatedWorld(_random, _trace);
        _log = new SimulatedLog(2, _random, _trace);
    }

    public string Trace => _trace.ToString();

    string Durable => Path.Combine(_folder.Root, "durable");

    public void Dispose() => _folder.Dispose();

    /// <returns>What is wrong: nothing when it is empty.</returns>
    public IReadOnlyList<string> Run()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null); // Whoever awaits below must come back to our threads.
        try
        {
            for (var lives = _random.Next(1, 5); lives > 0; lives--) LiveAndDie();
            (_world.IsUnreliable, _log.LosesAnswers) = (false, false);
            LiveToTheEnd();
            if (_world.Problems.Count == 0) ReadAgain();
            return _world.Problems;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    Life Begin(bool hasFaults)
    {
        var clock = new ManualClock(_now);
        (_world.Clock, _log.Clock) = (clock, clock);
        var threads = new SeededThreads(_random, _trace);
        var host = new SimulatedHost(_folder.Root, threads, new Chance(_random), clock, _log, _world, new SeededFaults(_random, _trace, hasFaults));
        host.Start();
        return new Life(host, threads, clock, new SimulatedClient(host.Client, host.Engine.CheckpointAsync, _model, _log, _random, clock, _trace));
    }

    void LiveAndDie()
    {
        _log.LosesAnswers = _random.Next(2) == 0;
        var life = Begin(hasFaults: true);
        var length = 0L;
        life.Threads.BeforeTurn = () => length = LengthOfLog();
        for (var client = 0; client < 3; client++) _ = life.Threads.RunAsync(() => life.Client.RunAsync(TurnsPerLife));
        var dieAfter = _random.Next(4, 700);
        for (var step = 0; step < dieAfter && !life.Host.Engine.IsDead; step++)
            if (_random.Next(40) == 0 || !life.Threads.Step()) life.Clock.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 3000)));
        var isTorn = life.Threads.LastTurn is not null;
        _now = life.Clock.GetUtcNow();
        life.Host.Dispose();
        // What the last turn wrote nobody has acted upon yet: any part of it may be missing.
        if (isTorn && LengthOfLog() is var written && written > length && length >= 0) Tear(length + _random.NextInt64(written - length + 1));
        _trace.Add($"dead {Fingerprint()}");
    }

    void LiveToTheEnd()
    {
        var life = Begin(hasFaults: false);
        var finishing = life.Threads.RunAsync(life.Client.FinishAsync);
        Task<bool>? ended = null;
        for (var step = 0; step < MaxSteps; step++)
        {
            if (life.Threads.Step()) continue;
            if (ended is { IsCompleted: true, Result: true } && finishing.IsCompleted && _log.IsTakenIn && life.Host.Engine.UnderWay == 0)
            {
                Compare(life);
                life.Host.Dispose();
                return;
            }
            if (ended is null or { IsCompleted: true }) ended = life.Threads.RunAsync(() => SimulationModel.AllEndedAsync(life.Host.Client));
            life.Clock.Advance(TimeSpan.FromSeconds(1));
            _now = life.Clock.GetUtcNow();
        }
        life.Host.Dispose();
        _world.Problems.Add($"it does not come to an end; {life.Host.Engine.UnderWay} are under way, the topic {(_log.IsTakenIn ? "is" : "is not")} taken in");
    }

    void ReadAgain()
    {
        var life = Begin(hasFaults: false);
        Compare(life);
        life.Host.Dispose();
    }

    void Compare(Life life)
    {
        // Delayed signals are all due by then.
        life.Clock.Advance(TimeSpan.FromMinutes(1));
        _now = life.Clock.GetUtcNow();
        while (life.Threads.Step()) { }
        var comparing = life.Threads.RunAsync(() => _model.DifferencesAsync(life.Host.Client));
        while (!comparing.IsCompleted && life.Threads.Step()) { }
        if (!comparing.IsCompleted) _world.Problems.Add("the host does not answer");
        else if (comparing.Exception is { } error) _world.Problems.Add(error.GetBaseException().ToString());
        else _world.Problems.AddRange(comparing.Result);
        _trace.Add($"compared {Fingerprint()}");
    }

    string? Newest() => Directory.Exists(Durable) ? Directory.GetFiles(Durable, "log-*.wal").Max(StringComparer.Ordinal) : null;

    long LengthOfLog() => Newest() is { } path ? new FileInfo(path).Length : 0;

    void Tear(long at)
    {
        using var file = File.OpenHandle(Newest()!, FileMode.Open, FileAccess.Write); // It has just been measured.
        RandomAccess.SetLength(file, at);
        _trace.Add($"torn at {at}");
    }

    /// <summary>Every byte that is on the disk.</summary>
    string Fingerprint()
    {
        if (!_trace.IsKept) return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.GetFiles(Durable).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            hash.AppendData(File.ReadAllBytes(path));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    sealed record Life(SimulatedHost Host, SeededThreads Threads, ManualClock Clock, SimulatedClient Client);
}
