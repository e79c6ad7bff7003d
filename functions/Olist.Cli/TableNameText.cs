using System.Text.Json;
using System.Text.Json.Serialization;
using Olist.Lake;

namespace Olist.Cli;

/// <summary>Names of tables as <c>layer.table</c> in documents.</summary>
sealed class TableNameText : JsonConverter<TableName>
{
    public override TableName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TableName.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, TableName value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
