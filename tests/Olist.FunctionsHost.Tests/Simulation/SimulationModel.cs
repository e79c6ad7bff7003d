using System.Globalization;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>What clients know of what they asked for, in plain collections; and what must be true of the host in the end.</summary>
sealed class SimulationModel
{
    public const int Ledgers = 4;

    readonly HashSet<(string Key, int Number)> _acknowledged = [];
    readonly HashSet<(string Key, int Number)> _asked = [];
    readonly Dictionary<string, List<int>> _records = [];
    readonly Dictionary<string, TransferOrder> _transfers = [];
    readonly Dictionary<string, (int Number, int Told)> _journeys = [];
    readonly HashSet<string> _started = [];
    readonly HashSet<string> _told = [];
    int _last;

    public static string Key(int ledger) => $"l{ledger}";

    public int NextNumber() => ++_last;

    public void Ask(string key, int number) => _asked.Add((key, number));

    public void Acknowledge(string key, int number) => _acknowledged.Add((key, number));

    public void Record(string key, int number)
    {
        if (!_records.TryGetValue(key, out var numbers)) _records[key] = numbers = [];
        numbers.Add(number);
    }

    public void Transfer(string id, TransferOrder order) => _transfers.Add(id, order);

    public void Journey(string id, int number, int told) => _journeys.Add(id, (number, told));

    public void Started(string id) => _started.Add(id);

    public void Told(string id) => _told.Add(id);

    /// <summary>Journeys that may wait to be told something, and what; of some it is not known whether they have been started.</summary>
    public IEnumerable<(string Id, int What)> Untold => _journeys.Where(journey => !_told.Contains(journey.Key)).Select(journey => (journey.Key, journey.Value.Told));

    public bool IsStarted(string id) => _started.Contains(id);

    /// <summary>Whether every orchestration has ended, those too whose ids nobody has been told.</summary>
    public static async Task<bool> AllEndedAsync(DurableTaskClient client)
    {
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery()))
            if (!instance.IsCompleted) return false;
        return true;
    }

    public async Task<List<string>> DifferencesAsync(DurableTaskClient client)
    {
        var problems = new List<string>();
        var states = new Dictionary<string, LedgerState>();
        for (var i = 0; i < Ledgers; i++)
        {
            var entity = await client.Entities.GetEntityAsync<LedgerState>(Ledger.IdOf(Key(i)));
            Check(Key(i), states[Key(i)] = entity?.State ?? new LedgerState(), problems);
        }
        await foreach (var entity in client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeTransient = true }))
            if (entity.BacklogQueueSize > 0 || entity.LockedBy is not null) problems.Add($"{entity.Id} has {entity.BacklogQueueSize} messages left and is locked by {entity.LockedBy ?? "nobody"}");
        await CheckTransfersAsync(client, states, problems);
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true }))
            if (instance.Name == "Carry") Expect(problems, instance.InstanceId, instance, instance.InstanceId);
        foreach (var (id, journey) in _journeys)
            Expect(problems, id, await client.GetInstanceAsync(id, true), string.Create(CultureInfo.InvariantCulture,
                $"{journey.Number * journey.Number},{(journey.Number + 1) * (journey.Number + 1)},{journey.Told},{Leg(journey.Number)}"));
        return problems;
    }

    void Check(string key, LedgerState state, List<string> problems)
    {
        if (state.Entries.Count != state.Entries.Distinct().Count()) problems.Add($"{key} has entries twice: {string.Join(",", state.Entries)}");
        var lost = _acknowledged.Where(one => one.Key == key).Select(one => one.Number).Except(state.Entries).ToList();
        if (lost.Count > 0) problems.Add($"{key} has lost {string.Join(",", lost)}");
        var unknown = state.Entries.Where(number => !_asked.Contains((key, number))).ToList();
        if (unknown.Count > 0) problems.Add($"{key} has what it was not told: {string.Join(",", unknown)}");
        if (!state.Records.Order().SequenceEqual(_records.GetValueOrDefault(key, []).Order()))
            problems.Add($"{key} has taken {string.Join(",", state.Records)}, and {string.Join(",", _records.GetValueOrDefault(key, []))} were in the log");
    }

    async Task CheckTransfersAsync(DurableTaskClient client, Dictionary<string, LedgerState> states, List<string> problems)
    {
        var expected = states.Keys.ToDictionary(key => key, _ => new List<string>());
        foreach (var (id, order) in _transfers)
        {
            var instance = await client.GetInstanceAsync(id, true);
            Expect(problems, id, instance, "moved");
            if (instance is null) continue;
            expected[order.From].Add($"{id}:{-order.Amount}");
            expected[order.To].Add($"{id}:{order.Amount}");
        }
        foreach (var (key, state) in states)
            if (!state.Moves.Order(StringComparer.Ordinal).SequenceEqual(expected[key].Order(StringComparer.Ordinal)))
                problems.Add($"{key} has moves {string.Join(" ", state.Moves)}, not {string.Join(" ", expected[key])}");
        if (states.Values.Sum(state => state.Balance) != 0) problems.Add("balances do not sum up to nothing");
    }

    void Expect(List<string> problems, string id, OrchestrationMetadata? instance, string output)
    {
        if (instance is null)
        {
            if (_started.Contains(id)) problems.Add($"{id} is lost");
        }
        else if (instance.RuntimeStatus != OrchestrationRuntimeStatus.Completed || instance.ReadOutputAs<string>() != output)
            problems.Add($"{id} is {instance.RuntimeStatus} with {instance.SerializedOutput} {instance.FailureDetails}, not {output}");
    }

    static int Leg(int number)
    {
        for (var i = 0; i < 2; i++) number = number % 10 * (number % 10);
        return number;
    }
}
