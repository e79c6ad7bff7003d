using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Distinct byte strings in the order of their first appearance, by open addressing.</summary>
sealed class BytesDictionary : IDisposable
{
    readonly ByteBuffer _data = new();
    int[] _slots = [];
    uint[] _hashes = [];
    int[] _ends = [];

    public int Count { get; private set; }

    /// <summary>Bytes of all entries, without lengths.</summary>
    public int DataBytes => _data.Length;

    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            var start = code == 0 ? 0 : _ends[code - 1];
            return _data.Span[start.._ends[code]];
        }
    }

    public void Clear()
    {
        Count = 0;
        _data.Truncate();
        Array.Clear(_slots);
    }

    /// <summary>The code of a value; an unknown one is added.</summary>
    public int CodeOf(ReadOnlySpan<byte> value)
    {
        var hash = Hash(value);
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; (uint)slot < (uint)slots.Length; slot = (slot + 1) & mask)
        {
            var code = slots[slot] - 1;
            if (code < 0) break;
            if (_hashes[code] == hash && this[code].SequenceEqual(value)) return code;
        }
        return Add(value, hash);
    }

    int Add(ReadOnlySpan<byte> value, uint hash)
    {
        if (2 * (Count + 1) > _slots.Length) Grow();
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(32, 2 * Count));
            Array.Resize(ref _hashes, _ends.Length);
        }
        _data.Write(value);
        _ends[Count] = _data.Length;
        _hashes[Count] = hash;
        Place(hash, ++Count);
        return Count - 1;
    }

    void Grow()
    {
        _slots = new int[Math.Max(64, 4 * _slots.Length)];
        for (var i = 0; i < Count; i++) Place(_hashes[i], i + 1);
    }

    void Place(uint hash, int codePlusOne)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0) slot = (slot + 1) & mask;
        _slots[slot] = codePlusOne;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Hash(ReadOnlySpan<byte> value)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        ref var start = ref MemoryMarshal.GetReference(value);
        var length = value.Length;
        var hash = (ulong)length * Prime;
        if (length >= 8)
        {
            for (var at = 0; at < length - 8; at += 8) hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at)));
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - 8)));
        }
        else if (length >= 4)
        {
            hash = Mix(hash ^ Unsafe.ReadUnaligned<uint>(ref start) ^ (ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - 4)) << 32);
        }
        else if (length > 0) hash = Mix(hash ^ (start | (ulong)Unsafe.Add(ref start, length >> 1) << 8 | (ulong)Unsafe.Add(ref start, length - 1) << 16));
        return (uint)(hash ^ (hash >> 32));
    }

    static ulong Mix(ulong value) => Math.BigMul(value, 0x9E3779B97F4A7C15, out var low) ^ low;

    public void Dispose() => _data.Dispose();
}
