using System.Numerics;
using System.Runtime.CompilerServices;

namespace Olist.Formats.Parquet.Writing;

/// <summary>Distinct numbers in the order of their first appearance, by open addressing.</summary>
/// <typeparam name="T"><see cref="int"/> or <see cref="long"/>; floating point numbers go in as their bits, so that NaN and both zeros keep what they are.</typeparam>
sealed class ValueDictionary<T> where T : unmanaged, IBinaryInteger<T>
{
    int[] _slots = [];
    T[] _entries = [];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Entries => _entries.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        Array.Clear(_slots);
    }

    /// <summary>The code of every value; unknown ones are added.</summary>
    public void Encode(ReadOnlySpan<T> values, Span<int> codes)
    {
        // Runs of one value are common in sorted columns.
        var last = T.Zero;
        var lastCode = -1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (lastCode < 0 || value != last)
            {
                lastCode = CodeOf(value);
                last = value;
            }
            codes[i] = lastCode;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int CodeOf(T value)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var slot = Hash(value) & mask; (uint)slot < (uint)slots.Length; slot = (slot + 1) & mask)
        {
            var code = slots[slot] - 1;
            if (code < 0) break;
            if (_entries[code] == value) return code;
        }
        return Add(value);
    }

    int Add(T value)
    {
        if (2 * (Count + 1) > _slots.Length) Grow();
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(32, 2 * Count));
        _entries[Count] = value;
        Place(value, ++Count);
        return Count - 1;
    }

    void Grow()
    {
        _slots = new int[Math.Max(64, 4 * _slots.Length)];
        for (var i = 0; i < Count; i++) Place(_entries[i], i + 1);
    }

    void Place(T value, int codePlusOne)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(value) & mask;
        while (_slots[slot] != 0) slot = (slot + 1) & mask;
        _slots[slot] = codePlusOne;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Hash(T value) => (int)(ulong.CreateTruncating(value) * 0x9E3779B97F4A7C15 >> 32);
}
