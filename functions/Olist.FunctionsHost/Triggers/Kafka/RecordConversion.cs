using Olist.FunctionsHost.Worker;
using Olist.Streaming;

namespace Olist.FunctionsHost.Triggers.Kafka;

/// <summary>Turns records of the log into what a Kafka function takes; decided once per function by the type of its parameter.</summary>
abstract class RecordConversion
{
    static readonly KafkaHeader[] NoHeaders = [];

    /// <summary>The argument for a whole batch; records whose key can't be read are left out and told.</summary>
    public abstract object ToBatch(ConsumedRecord[] records, Action<ConsumedRecord> onUnreadable);

    /// <summary>The argument for one record; null when its key can't be read.</summary>
    public abstract object? ToSingle(in ConsumedRecord record);

    public static RecordConversion For(Type parameter, KafkaMessageKeyType keyType)
    {
        var element = parameter.IsArray && parameter != typeof(byte[]) ? parameter.GetElementType() : parameter;
        return element == typeof(KafkaRecord) ? keyType == KafkaMessageKeyType.Binary ? new AsTheyAre() : new To<KafkaRecord>(keyType, ToRecord)
            : element == typeof(byte[]) ? new To<byte[]>(keyType, (in ConsumedRecord record, byte[]? _, KafkaMessageKeyType _) => record.Value.ToArray())
            : new To<string>(keyType, RecordEnvelope.Write);
    }

    static KafkaRecord ToRecord(ConsumedRecord[] records, int index)
    {
        var headers = records[index].Headers;
        return new KafkaRecord(records, index)
        {
            Headers = headers.Count == 0 ? NoHeaders : [.. headers.Select(header => new KafkaHeader { Key = header.Key, Value = header.Value })],
        };
    }

    static KafkaRecord ToRecord(in ConsumedRecord record, byte[]? key, KafkaMessageKeyType keyType)
    {
        var made = ToRecord([record], 0);
        made.Key = key;
        return made;
    }

    /// <summary>Records whose keys are left alone, so that no byte has to be copied.</summary>
    sealed class AsTheyAre : RecordConversion
    {
        public override object ToBatch(ConsumedRecord[] records, Action<ConsumedRecord> onUnreadable)
        {
            var values = new KafkaRecord[records.Length];
            for (var i = 0; i < values.Length; i++) values[i] = ToRecord(records, i);
            return values;
        }

        public override object ToSingle(in ConsumedRecord record) => ToRecord([record], 0);
    }

    delegate T Converter<T>(in ConsumedRecord record, byte[]? key, KafkaMessageKeyType keyType);

    sealed class To<T>(KafkaMessageKeyType keyType, Converter<T> convert) : RecordConversion where T : class
    {
        public override object ToBatch(ConsumedRecord[] records, Action<ConsumedRecord> onUnreadable)
        {
            var values = new T[records.Length];
            var count = 0;
            foreach (ref readonly var record in records.AsSpan())
            {
                if (RecordKeys.TryRead(keyType, record.Key, out var key)) values[count++] = convert(record, key, keyType);
                else onUnreadable(record);
            }
            if (count < values.Length) Array.Resize(ref values, count);
            return values;
        }

        public override object? ToSingle(in ConsumedRecord record) =>
            RecordKeys.TryRead(keyType, record.Key, out var key) ? convert(record, key, keyType) : null;
    }
}
