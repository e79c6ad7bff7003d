using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Olist.Storage;

namespace Olist.Pipeline.Steps.Lineage;

/// <summary>Events of runs in the lake: <c>_lineage/yyyy-MM-dd/RUN-ID.jsonl</c>, an event a line, one object per run, made whole or not at all and never changed.</summary>
/// <remarks>SQL reads them, as in DuckDB: <c>FROM read_json_auto('lake/_lineage/*/*.jsonl', union_by_name = true)</c>.</remarks>
public sealed class LineageLog(IObjectStore store)
{
    public const string Folder = "_lineage";

    /// <summary>Of a run that changed all tables.</summary>
    const int LikelyBytes = 256 << 10;

    const string DayFormat = "yyyy-MM-dd", Extension = ".jsonl";

    /// <returns>False when the run's events are there already.</returns>
    internal ValueTask<bool> TryWriteAsync(Guid runId, DateTimeOffset startedAt, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) =>
        store.TryCreateAsync(KeyOf(startedAt.UtcDateTime.ToString(DayFormat, CultureInfo.InvariantCulture), runId), lines, cancellationToken);

    /// <summary>Events as they lie in the lake: one a line.</summary>
    internal static ReadOnlyMemory<byte> Lines(IEnumerable<RunEvent> events)
    {
        var lines = new ArrayBufferWriter<byte>(LikelyBytes);
        using var writer = new Utf8JsonWriter(lines);
        foreach (var one in events)
        {
            one.WriteTo(writer);
            writer.Flush();
            writer.Reset();
            lines.Write("\n"u8);
        }
        return lines.WrittenMemory;
    }

    /// <returns>The events of a run in the order of time, or <see langword="null"/> when there are none of it.</returns>
    public async ValueTask<IReadOnlyList<JsonObject>?> FindAsync(Guid runId, CancellationToken cancellationToken)
    {
        await foreach (var day in store.ListFoldersAsync(Folder + "/", cancellationToken))
        {
            try
            {
                var text = Encoding.UTF8.GetString(await store.ReadAsync(KeyOf(day, runId), cancellationToken));
                return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
            }
            catch (ObjectNotFoundException)
            {
                // Of another day.
            }
        }
        return null;
    }

    /// <summary>Removes what was told before a day.</summary>
    /// <returns>Runs removed.</returns>
    public async ValueTask<int> RemoveBeforeAsync(DateTimeOffset day, CancellationToken cancellationToken)
    {
        var first = day.UtcDateTime.ToString(DayFormat, CultureInfo.InvariantCulture);
        var old = new List<string>();
        await foreach (var info in store.ListAsync(Folder + "/", cancellationToken))
        {
            var name = info.Key[(Folder.Length + 1)..];
            if (!name.EndsWith(Extension, StringComparison.Ordinal)) continue;
            if (string.CompareOrdinal(name, 0, first, 0, first.Length) >= 0) break;
            old.Add(info.Key);
        }
        foreach (var key in old) await store.DeleteAsync(key, cancellationToken);
        return old.Count;
    }

    static string KeyOf(string day, Guid runId) => $"{Folder}/{day}/{runId}{Extension}";
}
