using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olist.Pipeline.Speed.Orders;

/// <summary><see cref="OrderState"/> as JSON: what is kept of an order on disk.</summary>
sealed class OrderStateJson : JsonConverter<OrderState>
{
    public override void Write(Utf8JsonWriter writer, OrderState value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        OrderJson.Write(writer, value.Times);
        writer.WriteNumber("m"u8, value.ArrivedMs);
        if (value.Items is { } items)
        {
            writer.WriteStartObject("i"u8);
            foreach (var (number, item) in items)
            {
                writer.WritePropertyName(number.ToString(CultureInfo.InvariantCulture));
                OrderJson.Write(writer, item);
            }
            writer.WriteEndObject();
        }
        if (value.CustomerId is { } customer) writer.WriteString("u"u8, customer);
        if (value.Late != default) Write(writer, value.Late);
        writer.WriteNumber("v"u8, value.Version);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Lateness late)
    {
        writer.WriteStartObject("l"u8);
        writer.WriteBoolean("Carrier"u8, late.Carrier);
        writer.WriteBoolean("Customer"u8, late.Customer);
        writer.WriteEndObject();
    }

    public override OrderState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        OrderJson.Begin(reader, "The state of an order");
        var state = new OrderState();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            switch (OrderJson.NextName(ref reader))
            {
                case 't': state.Times = OrderJson.ReadTimes(ref reader); break;
                case 'm': state.ArrivedMs = reader.GetInt64(); break;
                case 'i': state.Items = ReadItems(ref reader); break;
                case 'u': state.CustomerId = reader.GetString(); break;
                case 'l': state.Late = ReadLateness(ref reader); break;
                case 'v': state.Version = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return state;
    }

    /// <summary>The pieces by their numbers, which they also have themselves.</summary>
    static SortedDictionary<int, OrderItem>? ReadItems(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        OrderJson.Begin(reader, "The pieces of an order");
        var items = new SortedDictionary<int, OrderItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            reader.Read(); // From the number to the piece.
            var item = OrderJson.ReadItem(ref reader);
            items[item.Id] = item;
        }
        return items;
    }

    static Lateness ReadLateness(ref Utf8JsonReader reader)
    {
        OrderJson.Begin(reader, "An order's lateness");
        var late = default(Lateness);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isCarrier = reader.ValueTextEquals("Carrier"u8);
            var isCustomer = reader.ValueTextEquals("Customer"u8);
            reader.Read();
            if (isCarrier) late = late with { Carrier = reader.GetBoolean() };
            else if (isCustomer) late = late with { Customer = reader.GetBoolean() };
            else reader.Skip();
        }
        return late;
    }
}
