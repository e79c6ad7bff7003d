using System.Text.Json;

namespace Olist.Formats.Avro;

/// <summary>One field of a record.</summary>
/// <param name="Name">Unique in its record.</param>
/// <param name="Schema">What its values are.</param>
/// <param name="Default">What a reader takes when the writer had no such field, as JSON; <see langword="null"/> when there is no default (a default of null is a JSON null).</param>
/// <param name="Aliases">Earlier names.</param>
/// <param name="Attributes">Everything else that stood there: <c>field-id</c>, <c>doc</c>, <c>order</c>, ...</param>
public sealed record AvroField(string Name, AvroSchema Schema, JsonElement? Default, IReadOnlyList<string> Aliases, IReadOnlyDictionary<string, JsonElement> Attributes);
