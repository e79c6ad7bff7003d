using Olist.FunctionsHost.Durable;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Entities;
using Olist.FunctionsHost.Hosting;

namespace Olist.FunctionsHost.Tests.Simulation;

/// <summary>Asks the host for things, one after another, and tells the model what it was told. What fails has an unknown outcome and is not asked for again.</summary>
sealed class SimulatedClient(DurableTaskClient client, Func<Task> checkpoint, SimulationModel model, SimulatedLog log, Random random, TimeProvider clock, SimulationTrace trace)
{
    public async Task RunAsync(int turns)
    {
        for (; turns > 0; turns--)
        {
            try
            {
                await TurnAsync();
            }
            catch (Exception error) when (error is DurableFaultException or FunctionsHostException or ObjectDisposedException or IOException)
            {
                trace.Add($"told: {error.GetType().Name}");
            }
            await Task.Yield();
        }
    }

    /// <summary>What is still to be done for everything to come to an end.</summary>
    public async Task FinishAsync()
    {
        foreach (var (id, what) in model.Untold.ToList()) await TellAsync(id, what);
    }

    Task TurnAsync() => random.Next(14) switch
    {
        0 or 1 => TransferAsync(),
        2 => JourneyAsync(),
        3 or 4 => TellSomeAsync(),
        5 or 6 => AppendAsync(),
        7 => checkpoint(),
        8 => SignalAsync(clock.GetUtcNow().AddMilliseconds(random.Next(1, 30_000)), null),
        9 => SignalAsync(null, SimulationModel.Key(random.Next(SimulationModel.Ledgers))),
        10 => SignalAsync(null, SimulationModel.Key(random.Next(SimulationModel.Ledgers)), isCarried: true),
        11 => CarryAsync(),
        _ => SignalAsync(null, null),
    };

    async Task SignalAsync(DateTimeOffset? due, string? passTo, bool isCarried = false)
    {
        var (key, number) = (SimulationModel.Key(random.Next(SimulationModel.Ledgers)), model.NextNumber());
        var operation = passTo is null && due is null ? random.Next(8) switch { 0 or 1 => "AddSlowly", 2 => "AddAndFail", _ => "Add" } : "Add";
        var counts = operation != "AddAndFail";
        if (counts) model.Ask(passTo ?? key, number);
        await client.Entities.SignalEntityAsync(Ledger.IdOf(key), operation, new Numbered(number, due?.UtcTicks ?? 0, passTo, IsCarried: isCarried), due is null ? null : new SignalEntityOptions { SignalTime = due });
        if (counts) model.Acknowledge(passTo ?? key, number);
        if (trace.IsKept) trace.Add($"acknowledged {number}");
    }

    async Task CarryAsync()
    {
        var (key, number) = (SimulationModel.Key(random.Next(SimulationModel.Ledgers)), model.NextNumber());
        model.Ask(key, number);
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Carry", new Parcel(key, new Numbered(number)));
        model.Acknowledge(key, number);
        if (trace.IsKept) trace.Add($"acknowledged {number} started with {id}");
    }

    async Task TransferAsync()
    {
        var (id, from, to) = ($"t{model.NextNumber()}", random.Next(SimulationModel.Ledgers), random.Next(SimulationModel.Ledgers - 1));
        var order = new TransferOrder(SimulationModel.Key(from), SimulationModel.Key(to >= from ? to + 1 : to), 1 + random.Next(9));
        model.Transfer(id, order);
        await client.ScheduleNewOrchestrationInstanceAsync("Transfer", order, new StartOrchestrationOptions(id));
        model.Started(id);
    }

    async Task JourneyAsync()
    {
        var number = model.NextNumber();
        var id = $"j{number}";
        model.Journey(id, number, random.Next(1000));
        await client.ScheduleNewOrchestrationInstanceAsync("Journey", number, new StartOrchestrationOptions(id));
        model.Started(id);
    }

    async Task TellSomeAsync()
    {
        var untold = model.Untold.Where(journey => model.IsStarted(journey.Id)).ToList();
        if (untold.Count == 0) return;
        var (id, what) = untold[random.Next(untold.Count)];
        await TellAsync(id, what);
    }

    /// <summary>Told twice it hears the first; both say the same.</summary>
    async Task TellAsync(string id, int what)
    {
        await client.RaiseEventAsync(id, "tell", what);
        model.Told(id);
    }

    Task AppendAsync()
    {
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var (ledger, number) = (random.Next(SimulationModel.Ledgers), model.NextNumber());
            model.Record(SimulationModel.Key(ledger), number);
            log.Add(ledger % 2, System.Text.Encoding.UTF8.GetBytes(SimulationModel.Key(ledger)), BitConverter.GetBytes(number));
        }
        return Task.CompletedTask;
    }
}
