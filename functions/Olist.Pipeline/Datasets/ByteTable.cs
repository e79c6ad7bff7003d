using System.Numerics;
using System.Runtime.InteropServices;
using Olist.Formats.Columns;

namespace Olist.Pipeline.Datasets;

/// <summary>Numbers distinct byte strings 0, 1, ... in order of appearance.</summary>
/// <remarks>Not for several threads. Entries lie end to end in one array, so an entry costs its bytes and 12 more.</remarks>
sealed class ByteTable
{
    const ulong Prime = 0x9E3779B97F4A7C15;

    int[] _slots = new int[64];
    uint[] _hashes = new uint[32];
    int[] _offsets = new int[33];
    byte[] _data = new byte[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int entry] => _data.AsSpan(_offsets[entry], _offsets[entry + 1] - _offsets[entry]);

    /// <summary>The number of an entry, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text) => _slots[Probe(text, HashOf(text))] - 1;

    /// <summary>The number of an entry that may be new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> text, out bool isNew)
    {
        var hash = HashOf(text);
        var slot = Probe(text, hash);
        isNew = _slots[slot] == 0;
        if (!isNew) return _slots[slot] - 1;
        if (Count == _hashes.Length) slot = Grow(hash, text);
        if (_offsets[Count] + text.Length > _data.Length)
            Array.Resize(ref _data, (int)Math.Min(Array.MaxLength, Math.Max(2L * _data.Length, _offsets[Count] + (long)text.Length)));
        text.CopyTo(_data.AsSpan(_offsets[Count]));
        _offsets[Count + 1] = _offsets[Count] + text.Length;
        _hashes[Count] = hash;
        _slots[slot] = ++Count;
        return Count - 1;
    }

    /// <summary>All entries as a column, which shares their bytes: nothing may be added any more.</summary>
    public BytesColumn ToColumn() => new(DataType.String, _offsets, _data, Count);

    int Probe(ReadOnlySpan<byte> text, uint hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] is var entry and not 0 && (_hashes[entry - 1] != hash || !this[entry - 1].SequenceEqual(text)))
            slot = (slot + 1) & mask;
        return slot;
    }

    int Grow(uint hash, ReadOnlySpan<byte> text)
    {
        Array.Resize(ref _hashes, Count * 2);
        Array.Resize(ref _offsets, Count * 2 + 1);
        _slots = new int[_slots.Length * 2];
        for (var entry = 0; entry < Count; entry++)
        {
            var slot = (int)_hashes[entry] & (_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = entry + 1;
        }
        return Probe(text, hash);
    }

    static uint HashOf(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length * Prime;
        while (text.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(text)) * Prime;
            hash ^= hash >> 32;
            text = text[sizeof(ulong)..];
        }
        foreach (var rest in text) hash = (BitOperations.RotateLeft(hash, 9) ^ rest) * Prime;
        return (uint)(hash >> 32);
    }
}
