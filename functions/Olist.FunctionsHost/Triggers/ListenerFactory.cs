using Microsoft.Extensions.Logging;
using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Invocation;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Triggers.Kafka;
using Olist.FunctionsHost.Triggers.Timer;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers;

/// <summary>Makes the listeners of all enabled timer and Kafka functions.</summary>
sealed class ListenerFactory(
    FunctionSet functions, SettingNames names, ScheduleMonitor monitor, RetryingInvoker invoker, IEventLogs logs, KafkaSettings kafka,
    FunctionsHostOptions options, HostStop host, IWorkThreads threads, HostInstruments instruments, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Resolves everything that can be wrong, so that it fails the start.</summary>
    /// <exception cref="FunctionsHostException">A schedule, a setting or the log of a trigger is wrong or missing.</exception>
    public void Check()
    {
        foreach (var listener in Create()) listener.Dispose();
    }

    public List<IFunctionListener> Create() =>
    [
        .. functions.Enabled(FunctionKind.Timer).Select(CreateTimer),
        .. functions.Enabled(FunctionKind.Kafka).Select(CreateKafka),
    ];

    TimerListener CreateTimer(FunctionEntry function)
    {
        var usedBy = $"[TimerTrigger] of {function.Descriptor}";
        var schedule = TimerSchedule.Parse(names.Expand(((TimerTriggerAttribute)function.Descriptor.Trigger).Schedule, usedBy), usedBy);
        return new TimerListener(function, schedule, monitor, invoker, host, time, loggers.CreateLogger<TimerListener>());
    }

    KafkaListener CreateKafka(FunctionEntry function)
    {
        var source = KafkaSource.Of(function.Descriptor, names);
        var executor = new KafkaExecutor(function, kafka, invoker, threads, instruments, loggers.CreateLogger<KafkaExecutor>());
        return new KafkaListener(function.Name, source, logs.Get(source.BrokerList), executor, kafka, options.KafkaLinger, host, threads, time, loggers.CreateLogger<KafkaListener>());
    }
}
