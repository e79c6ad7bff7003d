using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary><see cref="OrderUpdate"/> as JSON.</summary>
sealed class OrderUpdateJson : JsonConverter<OrderUpdate>
{
    public override void Write(Utf8JsonWriter writer, OrderUpdate value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        OrderJson.Write(writer, value.Times);
        writer.WriteNumber("m"u8, value.ArrivedMs);
        if (value.Items is { } items)
        {
            writer.WriteStartArray("i"u8);
            foreach (var item in items) OrderJson.Write(writer, item);
            writer.WriteEndArray();
        }
        if (value.CustomerId is { } customer) writer.WriteString("u"u8, customer);
        writer.WriteEndObject();
    }

    public override OrderUpdate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        OrderJson.Begin(reader, "An update of an order");
        var update = new OrderUpdate();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            switch (OrderJson.NextName(ref reader))
            {
                case 't': update.Times = OrderJson.ReadTimes(ref reader); break;
                case 'm': update.ArrivedMs = reader.GetInt64(); break;
                case 'i' when reader.TokenType == JsonTokenType.StartArray:
                    var items = new List<OrderItem>();
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(OrderJson.ReadItem(ref reader));
                    update.Items = items;
                    break;
                case 'u': update.CustomerId = reader.GetString(); break;
                default: reader.Skip(); break;
            }
        }
        return update;
    }
}
