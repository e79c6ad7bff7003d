using Olist.Streaming;

namespace Olist.Functions;

/// <summary>Records of a trigger as the pipeline takes them.</summary>
static class Records
{
    public static ConsumedRecord[] Of(KafkaRecord[] records) => Flavour.ToConsumed(records);
}
