namespace Olist.Formats.Avro;

/// <summary>Avro's rules of schema resolution: whether everything that one schema writes can be read with another.</summary>
public static class AvroCompatibility
{
    /// <summary>Why <paramref name="reader"/> can't read all that <paramref name="writer"/> writes, each with its path; empty when it can.</summary>
    /// <remarks>A writer's optional field read as a required one is a problem here: some of its values can't be read.</remarks>
    public static IReadOnlyList<string> Explain(AvroSchema reader, AvroSchema writer)
    {
        var problems = new List<string>();
        Check(reader, writer, "$", problems, []);
        return problems;
    }

    static void Check(AvroSchema reader, AvroSchema writer, string path, List<string> problems, HashSet<(AvroSchema, AvroSchema)> visited)
    {
        if (ReferenceEquals(reader, writer) || !visited.Add((reader, writer))) return;
        if (writer is AvroUnionSchema written)
        {
            foreach (var branch in written.Branches) Check(reader, branch, path, problems, visited);
            return;
        }
        if (reader is AvroUnionSchema read)
        {
            if (!read.Branches.Any(branch => CanRead(branch, writer, visited)))
                problems.Add($"{path}: no branch of {reader.ToJson()} reads {Describe(writer)}");
            return;
        }
        switch (reader, writer)
        {
            case (AvroRecordSchema into, AvroRecordSchema from):
                CheckName(into, from, path, problems);
                CheckFields(into, from, path, problems, visited);
                break;
            case (AvroEnumSchema into, AvroEnumSchema from):
                CheckName(into, from, path, problems);
                if (into.Default is null && from.Symbols.Except(into.Symbols, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
                    problems.Add($"{path}: symbols {string.Join(", ", missing)} are unknown and there is no default");
                break;
            case (AvroFixedSchema into, AvroFixedSchema from):
                CheckName(into, from, path, problems);
                if (into.SizeBytes != from.SizeBytes) problems.Add($"{path}: {from.SizeBytes} bytes are read as {into.SizeBytes}");
                CheckDecimal(reader, writer, path, problems);
                break;
            case (AvroArraySchema into, AvroArraySchema from):
                Check(into.Items, from.Items, $"{path}.items", problems, visited);
                break;
            case (AvroMapSchema into, AvroMapSchema from):
                Check(into.Values, from.Values, $"{path}.values", problems, visited);
                break;
            default:
                if (!Widens(writer.Kind, reader.Kind)) problems.Add($"{path}: {Describe(writer)} is read as {Describe(reader)}");
                else CheckDecimal(reader, writer, path, problems);
                break;
        }
    }

    static bool CanRead(AvroSchema reader, AvroSchema writer, HashSet<(AvroSchema, AvroSchema)> visited)
    {
        var problems = new List<string>();
        Check(reader, writer, "$", problems, [.. visited]);
        return problems.Count == 0;
    }

    static void CheckFields(AvroRecordSchema reader, AvroRecordSchema writer, string path, List<string> problems, HashSet<(AvroSchema, AvroSchema)> visited)
    {
        var written = new HashSet<int>();
        foreach (var field in writer.Fields)
        {
            var index = FindField(reader, field.Name);
            if (index < 0) continue;
            if (!written.Add(index)) problems.Add($"{path}.{field.Name}: two fields of the writer are read as {reader.Fields[index].Name}");
            Check(reader.Fields[index].Schema, field.Schema, $"{path}.{field.Name}", problems, visited);
        }
        for (var i = 0; i < reader.Fields.Count; i++)
            if (!written.Contains(i) && reader.Fields[i].Default is null) problems.Add($"{path}.{reader.Fields[i].Name}: was not written and has no default");
    }

    /// <summary>The field of a reader that a writer's field goes to, by name or alias, or -1.</summary>
    internal static int FindField(AvroRecordSchema reader, string name)
    {
        var index = reader.Find(name);
        for (var i = 0; index < 0 && i < reader.Fields.Count; i++)
            if (reader.Fields[i].Aliases.Contains(name, StringComparer.Ordinal)) index = i;
        return index;
    }

    static void CheckName(AvroNamedSchema reader, AvroNamedSchema writer, string path, List<string> problems)
    {
        if (reader.Name == writer.Name || reader.Aliases.Any(alias => alias == writer.FullName || alias == writer.Name)) return;
        problems.Add($"{path}: {writer.FullName} is read as {reader.FullName}");
    }

    /// <summary>The bytes of a decimal mean nothing at another scale, and need not fit fewer digits.</summary>
    static void CheckDecimal(AvroSchema reader, AvroSchema writer, string path, List<string> problems)
    {
        if (reader.LogicalType != "decimal" || writer.LogicalType != "decimal") return;
        var (readDigits, readScale) = DecimalOf(reader);
        var (writtenDigits, writtenScale) = DecimalOf(writer);
        if (readScale != writtenScale || readDigits < writtenDigits)
            problems.Add($"{path}: decimal({writtenDigits}, {writtenScale}) is read as decimal({readDigits}, {readScale})");
    }

    static (int Precision, int Scale) DecimalOf(AvroSchema schema) => (NumberOf(schema, "precision"), NumberOf(schema, "scale"));

    static int NumberOf(AvroSchema schema, string attribute) =>
        schema.Attributes.TryGetValue(attribute, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    static bool Widens(AvroKind from, AvroKind to) => from == to || (from, to) is
        (AvroKind.Int, AvroKind.Long or AvroKind.Float or AvroKind.Double) or
        (AvroKind.Long, AvroKind.Float or AvroKind.Double) or
        (AvroKind.Float, AvroKind.Double) or
        (AvroKind.String, AvroKind.Bytes) or
        (AvroKind.Bytes, AvroKind.String);

    static string Describe(AvroSchema schema) => schema is AvroNamedSchema named ? named.FullName : schema.ToJson();
}
