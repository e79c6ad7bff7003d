using System.Globalization;
using System.Text.Json;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.State;

namespace Olist.FunctionsHost.Durable.Log;

/// <summary>
/// The files of the durable log: <c>log-{number}.wal</c> and <c>manifest.json</c> (the first segment that counts, and the segments of the entity store).
/// <code>
/// durable/manifest.json   { "FirstSegment": 7, ... }   replaced as a whole at the end of a checkpoint
/// durable/log-00000007.wal  frame frame frame ...    begins with the snapshots of a checkpoint, mixed with the steps made meanwhile
/// durable/log-00000008.wal                           only while a checkpoint is being written, or after a crash in it
/// </code>
/// </summary>
sealed class LogSegments(string folder)
{
    public string Folder => folder;

    string ManifestPath => Path.Combine(folder, "manifest.json");

    public string PathOf(int number) => Path.Combine(folder, $"log-{number:D8}.wal");

    /// <exception cref="CorruptStateException">The manifest can't be read.</exception>
    public DurableManifest ReadManifest()
    {
        if (!File.Exists(ManifestPath)) return new DurableManifest(1);
        try
        {
            return JsonSerializer.Deserialize<DurableManifest>(File.ReadAllBytes(ManifestPath))!; // Written whole, never null.
        }
        catch (JsonException error)
        {
            throw new CorruptStateException($"{ManifestPath} is damaged ({error.Message}); restore the folder {folder} from a backup.", error);
        }
    }

    public void Publish(DurableManifest manifest, DurableFlush flush) =>
        WholeFile.Write(ManifestPath, JsonSerializer.SerializeToUtf8Bytes(manifest), flush == DurableFlush.Disk);

    public IReadOnlyList<int> Existing() =>
        [.. Directory.EnumerateFiles(folder, "log-*.wal")
            .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture)).Order()];

    public void DeleteBefore(int firstSegment)
    {
        foreach (var number in Existing().Where(number => number < firstSegment)) File.Delete(PathOf(number));
    }

    /// <summary>
    /// Reads all frames in order; what a crash left half-written at the end of the last segment is cut off.
    /// </summary>
    /// <exception cref="CorruptStateException">A bad frame with sound ones behind it, or a segment that is missing.</exception>
    public int Recover(Action<ReadOnlyMemory<byte>> onRecord)
    {
        Directory.CreateDirectory(folder);
        var first = ReadManifest().FirstSegment;
        DeleteBefore(first);
        var numbers = Existing();
        for (var i = 0; i < numbers.Count; i++)
            if (numbers[i] != first + i) throw new CorruptStateException($"{PathOf(first + i)} is missing; restore the folder {folder} from a backup.");
        foreach (var number in numbers) ReadSegment(number, number == numbers[^1], onRecord);
        return numbers.Count == 0 ? first : numbers[^1];
    }

    void ReadSegment(int number, bool isLast, Action<ReadOnlyMemory<byte>> onRecord)
    {
        var path = PathOf(number);
        var bytes = File.ReadAllBytes(path).AsMemory();
        var offset = 0;
        while (offset < bytes.Length)
        {
            if (!LogFrame.TryRead(bytes.Span[offset..], out var payload))
            {
                if (!isLast || IsFollowedBySoundFrame(bytes.Span[offset..]))
                    throw new CorruptStateException($"{path}, offset {offset}: this is no frame of the durable log, and the log goes on behind it; restore the folder {folder} from a backup.");
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
                RandomAccess.SetLength(file, offset);
                RandomAccess.FlushToDisk(file);
                return;
            }
            onRecord(bytes.Slice(offset + LogFrame.HeaderBytes, payload.Length));
            offset += LogFrame.HeaderBytes + payload.Length;
        }
    }

    /// <summary>A torn write ends the file; damage in the middle leaves the next frame where the length says, or somewhere near.</summary>
    static bool IsFollowedBySoundFrame(ReadOnlySpan<byte> bad)
    {
        const int Near = 1 << 16;
        for (var skip = 1; skip < Math.Min(bad.Length, Near); skip++)
            if (LogFrame.TryRead(bad[skip..], out _)) return true;
        if (bad.Length < LogFrame.HeaderBytes) return false;
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bad);
        return length < (uint)(bad.Length - LogFrame.HeaderBytes) && LogFrame.TryRead(bad[(LogFrame.HeaderBytes + (int)length)..], out _);
    }
}
