using System.Globalization;
using System.Runtime.InteropServices;

namespace Olist.Streaming.Log;

/// <content>Opening, rolling and removing segments.</content>
sealed partial class Partition
{
    const string NewExtension = ".new";

    /// <exception cref="CorruptLogException">A file is damaged, missing or foreign.</exception>
    public static Partition Open(string topic, int index, string folder, bool compacted, LocalLogOptions options, TimeProvider time, List<RecoveredTail> recovered)
    {
        Directory.CreateDirectory(folder);
        var segments = new List<Segment>();
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(NewExtension, StringComparison.Ordinal)) File.Delete(path);   // a roll or a compaction that did not come to its end
            else segments.Add(Segment.Open(path, ReadBaseOffset(path)));
        }
        if (compacted) DropMerged(segments);
        var sequences = new Dictionary<ulong, long>();
        if (segments.Count == 0) segments.Add(CreateSegment(folder, 0, sequences, options));
        else Recover(segments[^1], sequences, compacted, recovered);
        return new Partition(topic, index, folder, compacted, options, time, segments, sequences);
    }

    static long ReadBaseOffset(string path)
    {
        var name = Path.GetFileName(path);
        var digits = name.EndsWith(Segment.Extension, StringComparison.Ordinal) ? name[..^Segment.Extension.Length] : "";
        if (digits.Length == 20 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var baseOffset)) return baseOffset;
        throw new CorruptLogException($"{path} is no segment: its name is not an offset of 20 digits and {Segment.Extension}. Move it away.");
    }

    /// <summary>Checks the last segment whole. Its end may have been torn by a write that broke off; anything else that does not fit is damage.</summary>
    static void Recover(Segment segment, Dictionary<ulong, long> sequences, bool allowGaps, List<RecoveredTail> recovered)
    {
        var scan = new SegmentScan(segment.Handle, segment.BaseOffset, allowGaps, verifyBodies: true);
        while (scan.TryNext(out var header, out var position))
        {
            segment.Add(header, position);
            if (header.LastSequence >= 0)
                CollectionsMarshal.GetValueRefOrAddDefault(sequences, header.Producer, out _) = header.LastSequence;
        }
        segment.MarkLoaded();
        if (scan.Problem is null) return;
        var valid = scan.FindValidBatch();
        if (valid >= 0)
            throw new CorruptLogException($"{segment.Path}, byte {scan.Position}: {scan.Problem}; yet a whole batch follows at byte {valid}. Nothing behind the damage is guessed: restore the file, or move the state folder away and replay.");
        if (!scan.IsTorn())
            throw new CorruptLogException($"{segment.Path}, byte {scan.Position}: {scan.Problem}; the batch is whole, so no write broke off here: its bytes were changed later. Nothing is guessed: restore the file, or move the state folder away and replay.");
        RandomAccess.SetLength(segment.Handle, scan.Position);
        recovered.Add(new RecoveredTail(segment.Path, scan.Position, scan.FileLength - scan.Position, scan.Problem));
    }

    /// <summary>Begins a new active segment at the end of this one.</summary>
    void Roll()
    {
        var closed = Active;
        try
        {
            if (_sync is not null) RandomAccess.FlushToDisk(closed.Handle);
            _segments.Add(CreateSegment(_folder, closed.EndOffset, _sequences, _options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StreamingException($"{_folder}: a new segment could not be begun: {exception.Message}", exception);
        }
        Publish(Active.EndOffset, Active.Length);
        ApplyRetention();
    }

    /// <summary>A segment begins with a marker for every producer, so that the last segment alone knows all sequences; it appears whole.</summary>
    static Segment CreateSegment(string folder, long baseOffset, Dictionary<ulong, long> sequences, LocalLogOptions options)
    {
        var path = Path.Combine(folder, Segment.NameOf(baseOffset));
        var markers = new byte[sequences.Count * BatchHeader.Bytes];
        var headers = sequences.Select(pair => new BatchHeader(0, 0, 0, -1, baseOffset, 0, 0, pair.Key, pair.Value)).ToArray();
        for (var i = 0; i < headers.Length; i++) headers[i].Write(markers.AsSpan(i * BatchHeader.Bytes));
        using (var file = File.OpenHandle(path + NewExtension, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, markers, 0);
            if (options.Durability == Durability.Disk) RandomAccess.FlushToDisk(file);
        }
        File.Move(path + NewExtension, path);
        if (options.Durability == Durability.Disk) DirectorySync.Flush(folder);
        var segment = Segment.Open(path, baseOffset);
        for (var i = 0; i < headers.Length; i++) segment.Add(headers[i], i * BatchHeader.Bytes);
        segment.MarkLoaded();
        return segment;
    }
}
