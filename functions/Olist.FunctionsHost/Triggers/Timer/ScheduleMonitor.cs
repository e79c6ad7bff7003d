using System.Text.Json;
using Olist.FunctionsHost.State;

namespace Olist.FunctionsHost.Triggers.Timer;

/// <summary>What is kept of a timer: <c>timers/{function}.json</c>, replaced as a whole after every run.</summary>
sealed record ScheduleRecord(string Schedule, DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);

/// <summary>Keeps the schedules of timers in the state folder.</summary>
sealed class ScheduleMonitor(HostState state)
{
    /// <summary>Null when there is none yet, or it can't be read: then the timer starts anew.</summary>
    public ScheduleRecord? Load(string function)
    {
        try
        {
            return JsonSerializer.Deserialize<ScheduleRecord>(File.ReadAllBytes(File_(function)));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Save(string function, ScheduleRecord record) => WholeFile.Write(File_(function), JsonSerializer.SerializeToUtf8Bytes(record));

    string File_(string function) => state.Path("timers", function + ".json");
}
