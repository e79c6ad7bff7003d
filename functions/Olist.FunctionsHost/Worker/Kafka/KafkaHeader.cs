#nullable disable
using System.Text;

namespace Olist.FunctionsHost.Worker;

/// <summary>One header of a record.</summary>
public class KafkaHeader
{
    public string Key { get; set; }
    public byte[] Value { get; set; }
    public string GetValueAsString() => Value is null ? null : Encoding.UTF8.GetString(Value);
}
