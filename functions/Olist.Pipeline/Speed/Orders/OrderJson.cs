using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

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
