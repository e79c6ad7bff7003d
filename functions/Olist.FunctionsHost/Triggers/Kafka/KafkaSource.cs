using Olist.FunctionsHost.Discovery;
using Olist.FunctionsHost.Settings;
using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>Where a Kafka function reads, settings resolved.</summary>
sealed record KafkaSource(string BrokerList, string Topic, string ConsumerGroup)
{
    public static KafkaSource Of(FunctionDescriptor function, SettingNames names)
    {
        var trigger = (KafkaTriggerAttribute)function.Trigger;
        var usedBy = $"[KafkaTrigger] of {function}";
        return new KafkaSource(names.ExpandOrLookUp(trigger.BrokerList, usedBy), names.ExpandOrLookUp(trigger.Topic, usedBy), names.ExpandOrLookUp(trigger.ConsumerGroup, usedBy));
    }
}
