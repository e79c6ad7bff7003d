using System.Text.Json;
using System.Text.Json.Serialization;
using Olist.Formats;
using Olist.Formats.Avro;

namespace Olist.Streaming.SchemaRegistry;

/// <summary>A registry in one file of the state folder, <c>schemas.json</c>, which is replaced whole with each new schema. Calls complete at once.</summary>
public sealed class LocalSchemaRegistry : ISchemaRegistry
{
    readonly string _path;
    readonly SchemaCompatibility _compatibility;
    readonly Lock _gate = new();
    readonly List<AvroSchema> _schemas = [];
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<int>> _subjects = new(StringComparer.Ordinal);

    LocalSchemaRegistry(string path, SchemaCompatibility compatibility)
    {
        _path = path;
        _compatibility = compatibility;
    }

    /// <summary>Opens the registry of a state folder that the caller holds, or makes a new one.</summary>
    /// <exception cref="CorruptLogException">The file is not a registry.</exception>
    public static async Task<LocalSchemaRegistry> OpenAsync(StateFolder state, SchemaCompatibility compatibility = SchemaCompatibility.Backward, CancellationToken cancellationToken = default)
    {
        var registry = new LocalSchemaRegistry(Path.Combine(state.Path, "schemas.json"), compatibility);
        if (File.Exists(registry._path)) registry.Load(await File.ReadAllTextAsync(registry._path, cancellationToken));
        return registry;
    }

    public ValueTask<RegisteredSchema> RegisterAsync(string subject, AvroSchema schema, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var form = schema.ToIdentityForm();
            var known = _ids.TryGetValue(form, out var id);
            var versions = _subjects.GetValueOrDefault(subject) ?? [];
            if (known && versions.IndexOf(id) is var index and >= 0) return ValueTask.FromResult(new RegisteredSchema(id, subject, index + 1, _schemas[id - 1]));
            if (Explain(versions, schema) is { Count: > 0 } problems)
                throw new IncompatibleSchemaException($"The schema can't follow version {versions.Count} of subject {subject}: {string.Join("; ", problems)}. Give new fields a default, or use a new subject.");
            var next = known ? id : _schemas.Count + 1;
            Save(known ? null : schema, subject, next);
            if (!known) Add(schema, form);
            _subjects[subject] = [.. versions, next];
            return ValueTask.FromResult(new RegisteredSchema(next, subject, versions.Count + 1, _schemas[next - 1]));
        }
    }

    void Add(AvroSchema schema, string form)
    {
        _schemas.Add(schema);
        _ids.Add(form, _schemas.Count);
    }

    public ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult(id > 0 && id <= _schemas.Count ? _schemas[id - 1] : null);
    }

    public ValueTask<RegisteredSchema?> FindVersionAsync(string subject, int version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_subjects.TryGetValue(subject, out var versions) || version < 1 || version > versions.Count) return ValueTask.FromResult<RegisteredSchema?>(null);
            var id = versions[version - 1];
            return ValueTask.FromResult<RegisteredSchema?>(new RegisteredSchema(id, subject, version, _schemas[id - 1]));
        }
    }

    public ValueTask<RegisteredSchema?> FindLatestAsync(string subject, CancellationToken cancellationToken)
    {
        lock (_gate) return FindVersionAsync(subject, _subjects.GetValueOrDefault(subject)?.Count ?? 0, cancellationToken);
    }

    public ValueTask<IReadOnlyList<int>> ListVersionsAsync(string subject, CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<int>>([.. Enumerable.Range(1, _subjects.GetValueOrDefault(subject)?.Count ?? 0)]);
    }

    public ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<string>>([.. _subjects.Keys.Order(StringComparer.Ordinal)]);
    }

    public ValueTask<IReadOnlyList<string>> ExplainIncompatibilityAsync(string subject, AvroSchema schema, CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult(Explain(_subjects.GetValueOrDefault(subject) ?? [], schema));
    }

    IReadOnlyList<string> Explain(List<int> versions, AvroSchema schema) =>
        _compatibility == SchemaCompatibility.None || versions.Count == 0 ? [] : AvroCompatibility.Explain(schema, _schemas[versions[^1] - 1]);

    /// <summary>Writes the file with one more version; what is in memory changes only after that.</summary>
    void Save(AvroSchema? added, string subject, int id)
    {
        var schemas = _schemas.Select(schema => schema.ToJson()).ToList();
        if (added is not null) schemas.Add(added.ToJson());
        var subjects = _subjects.ToDictionary(pair => pair.Key, pair => pair.Value.ToList(), StringComparer.Ordinal);
        if (!subjects.TryAdd(subject, [id])) subjects[subject].Add(id);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Content(schemas, subjects), RegistryJson.Default.Content);
        using (var file = File.OpenHandle(_path + ".new", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, bytes, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(_path + ".new", _path, overwrite: true);
    }

    void Load(string text)
    {
        try
        {
            var content = JsonSerializer.Deserialize(text, RegistryJson.Default.Content) ?? throw new JsonException("null");
            foreach (var json in content.Schemas)
            {
                var schema = AvroSchema.Parse(json);
                Add(schema, schema.ToIdentityForm());
            }
            foreach (var (subject, ids) in content.Subjects)
                _subjects.Add(subject, ids.All(id => id > 0 && id <= _schemas.Count) ? ids : throw new JsonException($"subject {subject} names a schema that is not there"));
        }
        catch (Exception exception) when (exception is JsonException or FormatViolationException or ArgumentException)
        {
            throw new CorruptLogException($"{_path} is no schema registry: {exception.Message} Restore the file: records can't be read without it.", exception);
        }
    }

    /// <summary>The file: schema i has id i + 1, and each subject lists the ids of its versions.</summary>
    internal sealed record Content(List<string> Schemas, Dictionary<string, List<int>> Subjects);
}

[JsonSerializable(typeof(LocalSchemaRegistry.Content))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class RegistryJson : JsonSerializerContext;
