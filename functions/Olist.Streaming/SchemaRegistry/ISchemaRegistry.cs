using Olist.Formats.Avro;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>Numbers for schemas, so that a record need not carry its own: in a local file, or behind the Confluent protocol. Safe to use from many threads.</summary>
public interface ISchemaRegistry
{
    /// <summary>The id of a schema in a subject; made when there is none. Two schemas are the same when their <see cref="AvroSchema.ToIdentityForm"/> is.</summary>
    /// <exception cref="IncompatibleSchemaException">It can't read what was written with the subject's latest version.</exception>
    ValueTask<RegisteredSchema> RegisterAsync(string subject, AvroSchema schema, CancellationToken cancellationToken);

    /// <summary>The schema of an id, or <see langword="null"/>.</summary>
    ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellationToken);

    /// <summary>One version of a subject, or <see langword="null"/>.</summary>
    ValueTask<RegisteredSchema?> FindVersionAsync(string subject, int version, CancellationToken cancellationToken);

    /// <summary>The newest version of a subject, or <see langword="null"/>.</summary>
    ValueTask<RegisteredSchema?> FindLatestAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Versions of a subject in order; empty when it is unknown.</summary>
    ValueTask<IReadOnlyList<int>> ListVersionsAsync(string subject, CancellationToken cancellationToken);

    /// <summary>All subjects, by name.</summary>
    ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken);

    /// <summary>Why the schema could not be the subject's next version; empty when it could.</summary>
    ValueTask<IReadOnlyList<string>> ExplainIncompatibilityAsync(string subject, AvroSchema schema, CancellationToken cancellationToken);
}
