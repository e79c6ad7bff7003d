using Olist.Formats.Avro;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>A schema as one version of a subject.</summary>
/// <param name="Id">What records carry; the same schema has the same id in every subject.</param>
/// <param name="Subject">Usually the topic and <c>-value</c>.</param>
/// <param name="Version">1 for the subject's first schema, then rising by one.</param>
/// <param name="Schema">The schema as it was first registered.</param>
public sealed record RegisteredSchema(int Id, string Subject, int Version, AvroSchema Schema);
