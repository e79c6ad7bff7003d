using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Hosting;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>The registered <see cref="IEventLog"/> for every broker list.</summary>
sealed class SingleEventLog(IServiceProvider services) : IEventLogs
{
    public IEventLog Get(string brokerList) => services.GetService<IEventLog>()
        ?? throw new FunctionsHostException($"Kafka functions read broker list '{brokerList}', and no IEventLog is registered; register one in Program.cs (builder.Services).");
}
