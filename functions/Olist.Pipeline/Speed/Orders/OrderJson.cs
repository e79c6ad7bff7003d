using System.Text.Json;

namespace Olist.Pipeline.Speed.Orders;

/// <summary>Parts that states and updates of orders have in common, as JSON: written and read by hand, because every event goes through here four times.</summary>
/// <remarks>What is unknown or false is left out. Otherwise it is what the serializer makes of the properties, which earlier versions kept: each reads what the other wrote.</remarks>
static class OrderJson
{
    /// <summary>A property's name when it is a single letter, as all here are; otherwise 0. The reader goes on to its value.</summary>
    public static char NextName(ref Utf8JsonReader reader)
    {
        var name = reader is { HasValueSequence: false, ValueIsEscaped: false } ? reader.ValueSpan.Length == 1 ? (char)reader.ValueSpan[0] : '\0'
            : reader.GetString() is [var letter] ? letter : '\0';
        reader.Read();
        return name;
    }

    /// <exception cref="JsonException">The value is no object.</exception>
    public static void Begin(in Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"{what} is an object, not {reader.TokenType}.");
    }

    public static void Write(Utf8JsonWriter writer, in OrderTimes times)
    {
        writer.WriteStartObject("t"u8);
        Write(writer, "p"u8, times.Purchase);
        Write(writer, "a"u8, times.Approve);
        Write(writer, "c"u8, times.DeliveredCarrier);
        Write(writer, "d"u8, times.DeliveredCustomer);
        Write(writer, "s"u8, times.ShippingLimit);
        Write(writer, "e"u8, times.EstimatedDelivery);
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? micros)
    {
        if (micros is { } known) writer.WriteNumber(name, known);
    }

    public static OrderTimes ReadTimes(ref Utf8JsonReader reader)
    {
        Begin(reader, "An order's times");
        var times = default(OrderTimes);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = NextName(ref reader);
            if (reader.TokenType == JsonTokenType.Null) continue;
            switch (name)
            {
                case 'p': times = times with { Purchase = reader.GetInt64() }; break;
                case 'a': times = times with { Approve = reader.GetInt64() }; break;
                case 'c': times = times with { DeliveredCarrier = reader.GetInt64() }; break;
                case 'd': times = times with { DeliveredCustomer = reader.GetInt64() }; break;
                case 's': times = times with { ShippingLimit = reader.GetInt64() }; break;
                case 'e': times = times with { EstimatedDelivery = reader.GetInt64() }; break;
                default: reader.Skip(); break;
            }
        }
        return times;
    }

    public static void Write(Utf8JsonWriter writer, OrderItem item)
    {
        writer.WriteStartObject();
        writer.WriteNumber("i"u8, item.Id);
        writer.WriteString("p"u8, item.ProductId);
        writer.WriteString("s"u8, item.SellerId);
        writer.WriteNumber("c"u8, item.PriceCents);
        writer.WriteEndObject();
    }

    /// <exception cref="JsonException">A piece without product or seller.</exception>
    public static OrderItem ReadItem(ref Utf8JsonReader reader)
    {
        Begin(reader, "A piece of an order");
        var (id, product, seller, price) = (0, (string?)null, (string?)null, 0L);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            switch (NextName(ref reader))
            {
                case 'i': id = reader.GetInt32(); break;
                case 'p': product = reader.GetString(); break;
                case 's': seller = reader.GetString(); break;
                case 'c': price = reader.GetInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return product is null || seller is null ? throw new JsonException($"Piece {id} of an order has no product (p) or no seller (s).") : new OrderItem(id, product, seller, price);
    }
}
