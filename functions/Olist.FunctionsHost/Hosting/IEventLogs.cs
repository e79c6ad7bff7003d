using Olist.Streaming;

namespace Olist.FunctionsHost.Hosting;

/// <summary>Which log a Kafka trigger reads. Register an own one when triggers name several broker lists.</summary>
public interface IEventLogs
{
    /// <param name="brokerList">The trigger's broker list, settings resolved: <c>local</c> or <c>host:port,...</c>.</param>
    IEventLog Get(string brokerList);
}
