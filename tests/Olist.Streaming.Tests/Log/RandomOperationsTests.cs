using Olist.Streaming.Log;

namespace Olist.Streaming.Tests.Log;

/// <summary>Random operations on the local log and, step by step, on lists in memory.</summary>
public sealed class RandomOperationsTests : IDisposable
{
    const int Partitions = 3;

    readonly TempFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(20170905)]
    public async Task The_log_does_what_the_model_does(int seed)
    {
        var run = new Run(_folder.Of("state"), seed);
        await run.OpenAsync();
        for (var step = 0; step < 1500; step++) await run.StepAsync();
        await run.CheckAllAsync();
        await run.CloseAsync();
    }

    /// <summary>One log, its model and what is open on both.</summary>
    sealed class Run(string state, int seed)
    {
        readonly Random _random = new(seed);
        readonly List<string>[] _records = [.. Enumerable.Range(0, Partitions).Select(_ => new List<string>())];
        readonly List<(int Partition, string Value, long Sequence)> _buffered = [];
        readonly long[] _lastSequences = [-1, -1, -1];
        readonly long?[] _committed = new long?[Partitions];
        readonly List<IEventConsumer> _members = [];
        readonly Dictionary<(IEventConsumer, int), long> _positions = [];
        LocalEventLog _log = null!;          // set by OpenAsync
        IEventProducer _producer = null!;    // set by OpenAsync
        long _sequence;
        int _number;

        static TopicPartition At(int partition) => new("t", partition);

        public async Task OpenAsync()
        {
            _log = await LocalEventLog.OpenAsync(state, new LocalLogOptions { BatchBytes = 300, SegmentBytes = 900 }, TimeProvider.System, Token);
            Assert.Empty(_log.Recovered);
            await _log.EnsureTopicsAsync([new TopicSpec("t", Partitions)], Token);
            _producer = _log.CreateProducer("writer");
            for (var i = 0; i < Partitions; i++) Assert.Equal(_lastSequences[i], await _producer.GetLastSequenceAsync(At(i), Token));
        }

        public async Task CloseAsync()
        {
            foreach (var member in _members.ToArray()) await LeaveAsync(member);
            await FlushAsync();
            await _producer.DisposeAsync();
            await _log.DisposeAsync();
        }

        public Task StepAsync() => _random.Next(100) switch
        {
            < 45 => AppendAsync(),
            < 60 => FlushAsync(),
            < 80 => PollAsync(),
            < 85 => JoinAsync(),
            < 88 => _members.Count > 0 ? LeaveAsync(AnyMember()) : Task.CompletedTask,
            < 92 => SeekAsync(),
            < 94 => CheckAllAsync(),
            < 97 => SetCommittedAsync(),
            _ => ReopenAsync(),
        };

        IEventConsumer AnyMember() => _members[_random.Next(_members.Count)];

        /// <summary>What a full buffer writes by itself is not modelled: a flush comes before it can be full.</summary>
        async Task AppendAsync()
        {
            if (_buffered.Count > 4) await FlushAsync();
            var partition = _random.Next(Partitions);
            var again = _random.Next(5) == 0;
            var sequence = again ? _random.NextInt64(0, _sequence + 1) : _sequence++;
            var value = $"{_number++}";
            _producer.Append("t", "key", value, sequence: sequence, partition: partition);
            var last = Math.Max(_lastSequences[partition], _buffered.Where(one => one.Partition == partition).Select(one => one.Sequence).DefaultIfEmpty(-1).Max());
            if (sequence > last) _buffered.Add((partition, value, sequence));
        }

        async Task FlushAsync()
        {
            await _producer.FlushAsync(Token);
            foreach (var (partition, value, sequence) in _buffered)
            {
                _records[partition].Add(value);
                _lastSequences[partition] = sequence;
            }
            _buffered.Clear();
        }

        Task JoinAsync()
        {
            if (_members.Count < 4) _members.Add(_log.Subscribe("g", ["t"]));
            return Task.CompletedTask;
        }

        async Task LeaveAsync(IEventConsumer member)
        {
            await member.DisposeAsync();
            _members.Remove(member);
            foreach (var key in _positions.Keys.Where(key => key.Item1 == member).ToArray()) _positions.Remove(key);
        }

        async Task PollAsync()
        {
            if (_members.Count == 0) return;
            var member = AnyMember();
            var batch = await member.PollAsync(_random.Next(1, 20), TimeSpan.Zero, Token);
            Settle(member);
            foreach (var record in batch.Records)
            {
                var position = _positions[(member, record.Partition)];
                Assert.Equal((position, _records[record.Partition][(int)position]), (record.Offset, record.ValueText()));
                _positions[(member, record.Partition)] = position + 1;
            }
            if (batch.Records.Count == 0)
                Assert.All(member.Assignment, at => Assert.Equal(_records[at.Partition].Count, _positions[(member, at.Partition)]));
            if (_random.Next(2) == 0) return;
            await member.CommitAsync(batch.NextOffsets(), Token);
            foreach (var (at, next) in batch.NextOffsets()) _committed[at.Partition] = next;
        }

        /// <summary>What the member reads since its last poll: a partition that is new begins where the group has committed.</summary>
        void Settle(IEventConsumer member)
        {
            var owned = member.Assignment.Select(at => at.Partition).ToHashSet();
            foreach (var key in _positions.Keys.Where(key => key.Item1 == member && !owned.Contains(key.Item2)).ToArray()) _positions.Remove(key);
            foreach (var partition in owned)
            {
                Assert.DoesNotContain(_members, other => other != member && _positions.ContainsKey((other, partition)) && other.Assignment.Contains(At(partition)));
                _positions.TryAdd((member, partition), _committed[partition] ?? 0);
            }
        }

        async Task SeekAsync()
        {
            if (_members.Count == 0) return;
            var member = AnyMember();
            Settle(member);
            if (member.Assignment.Count == 0) return;
            var at = member.Assignment[_random.Next(member.Assignment.Count)];
            var offset = _random.Next(_records[at.Partition].Count + 1);
            await member.SeekAsync(at, offset, Token);
            _positions[(member, at.Partition)] = offset;
        }

        async Task SetCommittedAsync()
        {
            if (_members.Count > 0) return;
            var partition = _random.Next(Partitions);
            var offset = _random.Next(_records[partition].Count + 1);
            await _log.SetCommittedAsync("g", [new(At(partition), offset)], Token);
            _committed[partition] = offset;
        }

        /// <summary>Half of the time like a killed process: what was not flushed is gone.</summary>
        async Task ReopenAsync()
        {
            foreach (var member in _members.ToArray()) await LeaveAsync(member);
            if (_random.Next(2) == 0) await FlushAsync();
            _buffered.Clear();
            await _producer.DisposeAsync();
            await _log.DisposeAsync();
            await OpenAsync();
            await CheckAllAsync();
        }

        public async Task CheckAllAsync()
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                Assert.Equal((0, _records[partition].Count), await _log.GetWatermarksAsync(At(partition), Token));
                Assert.Equal(_committed[partition], await _log.GetCommittedAsync("g", At(partition), Token));
                var found = await _log.ReadAllAsync("t", partition);
                Assert.Equal(_records[partition], found.Select(record => record.ValueText()));
            }
        }
    }
}
