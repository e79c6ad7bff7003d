namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>Something that waits for an instance.</summary>
/// <param name="Id">Its number in the durable log, or 0 for what recovery makes again (results of activities, fired timers).</param>
/// <param name="Generation">Execution of the instance that it is for, or -1 for any.</param>
sealed record InboxMessage(long Id, int Generation, HistoryEvent Event);
