using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olist.Streaming.Log;

/// <summary>A topic with its open partitions. Its folder has <c>topic.json</c> and one folder per partition.</summary>
sealed class Topic(TopicSpec spec, Partition[] partitions)
{
    const string SpecName = "topic.json";

    public TopicSpec Spec { get; } = spec;

    public Partition[] Partitions { get; } = partitions;

    /// <summary>Makes the folder of a new topic; it appears with its spec or not at all.</summary>
    public static void Create(string folder, TopicSpec spec)
    {
        var hidden = folder + ".new";
        if (Directory.Exists(hidden)) Directory.Delete(hidden, recursive: true);
        Directory.CreateDirectory(hidden);
        File.WriteAllText(Path.Combine(hidden, SpecName), JsonSerializer.Serialize(spec, TopicJson.Default.TopicSpec));
        Directory.Move(hidden, folder);
    }

    public static Topic Open(string folder, LocalLogOptions options, TimeProvider time, List<RecoveredTail> recovered)
    {
        var spec = ReadSpec(Path.Combine(folder, SpecName), Path.GetFileName(folder));
        var partitions = new Partition[spec.Partitions];
        for (var i = 0; i < partitions.Length; i++)
            partitions[i] = Partition.Open(spec.Name, i, Path.Combine(folder, i.ToString(System.Globalization.CultureInfo.InvariantCulture)), spec.Compacted, options, time, recovered);
        return new Topic(spec, partitions);
    }

    public void Close()
    {
        foreach (var partition in Partitions) partition.Close();
    }

    static TopicSpec ReadSpec(string path, string name)
    {
        try
        {
            var spec = JsonSerializer.Deserialize(File.ReadAllText(path), TopicJson.Default.TopicSpec);
            if (spec is { Partitions: > 0 } && spec.Name == name) return spec;
            throw new CorruptLogException($"{path}: expected the name '{name}' and at least one partition, found {spec}.");
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException)
        {
            throw new CorruptLogException($"{path}: the topic's description can't be read: {exception.Message}", exception);
        }
    }

    /// <exception cref="ArgumentException">Not a name or count that every implementation takes.</exception>
    public static void Validate(TopicSpec spec)
    {
        if (spec.Name.Length is < 1 or > 249 || spec.Name is "." or ".." || spec.Name.EndsWith(".new", StringComparison.Ordinal) || !spec.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
            throw new ArgumentException($"'{spec.Name}' is no topic name: 1 to 249 letters, digits, dots, dashes and underscores.", nameof(spec));
        if (spec.Partitions is < 1 or > 10_000) throw new ArgumentException($"Topic {spec.Name}: {spec.Partitions} partitions, expected 1 to 10,000.", nameof(spec));
    }
}

[JsonSerializable(typeof(TopicSpec))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class TopicJson : JsonSerializerContext;
