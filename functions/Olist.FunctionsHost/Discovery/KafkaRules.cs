using Olist.FunctionsHost.Worker;

namespace Olist.FunctionsHost.Discovery;

/// <summary>Which parameter types a Kafka trigger binds without loss or surprise.</summary>
static class KafkaRules
{
    static readonly Type[] Single = [typeof(KafkaRecord), typeof(byte[]), typeof(string)];
    static readonly Type[] Batched = [typeof(KafkaRecord[]), typeof(byte[][]), typeof(string[])];

    public static IEnumerable<string> Check(FunctionDescriptor function)
    {
        var trigger = (KafkaTriggerAttribute)function.Trigger;
        var type = function.TriggerParameter.ParameterType;
        var at = $", parameter '{function.TriggerParameter.Name}'";
        if (string.IsNullOrWhiteSpace(trigger.ConsumerGroup))
            yield return $"{at}: [KafkaTrigger] has no ConsumerGroup, which stops the official host as a whole; set it.";
        if (string.IsNullOrWhiteSpace(trigger.Topic)) yield return $"{at}: [KafkaTrigger] has no topic.";
        if (trigger.AvroSchema is not null || trigger.KeyAvroSchema is not null || trigger.SchemaRegistryUrl is not null)
            yield return $"{at}: AvroSchema, KeyAvroSchema and SchemaRegistryUrl turn records into JSON with loss; leave them out, bind KafkaRecord{(trigger.IsBatched ? "[]" : "")} and decode in the function.";
        if (trigger.IsBatched && type == typeof(string)) yield return $"{at}: IsBatched with a plain string; bind string[], or better KafkaRecord[].";
        else if (trigger.IsBatched && type == typeof(byte[])) yield return $"{at}: IsBatched with byte[] binds null in the official host; bind byte[][], or better KafkaRecord[].";
        else if (!trigger.IsBatched && Batched.Contains(type)) yield return $"{at}: {type.Name} needs IsBatched = true.";
        else if (!(trigger.IsBatched ? Batched : Single).Contains(type))
            yield return $"{at}: {Name(type)} is not bound {(trigger.IsBatched ? "in batches" : "for single records")}; bind "
                + $"{string.Join(", ", (trigger.IsBatched ? Batched : Single).Select(allowed => allowed.Name))} and decode in the function.";
    }

    static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>"
        : type.Name;
}
