using System.Numerics;
using System.Runtime.InteropServices;

namespace Olist.Formats.Columns;

/// <summary>Hashes and compares rows by some of their columns; equal keys hash alike whatever the layout of the column.</summary>
public static class KeyHash
{
    const ulong Prime = 0x9E3779B97F4A7C15;
    const ulong NullHash = 0xD6E8FEB86659FD93;

    /// <summary>A hash per row.</summary>
    public static uint[] Of(Column[] columns)
    {
        var hashes = new ulong[columns[0].Count];
        foreach (var column in columns) Mix(column, hashes);
        var folded = new uint[hashes.Length];
        for (var i = 0; i < folded.Length; i++) folded[i] = Fold(hashes[i]);
        return folded;
    }

    public static uint Of(Column[] columns, int row)
    {
        ulong hash = 0;
        foreach (var column in columns) hash = Combine(hash, OfValue(column, row));
        return Fold(hash);
    }

    public static bool AreEqual(Column[] left, int leftRow, Column[] right, int rightRow)
    {
        for (var i = 0; i < left.Length; i++)
            if (!AreEqual(left[i], leftRow, right[i], rightRow)) return false;
        return true;
    }

    public static bool AreEqual(Column left, int leftRow, Column right, int rightRow)
    {
        if (left.IsNull(leftRow) || right.IsNull(rightRow)) return left.IsNull(leftRow) && right.IsNull(rightRow);
        return left switch
        {
            BytesColumn bytes => bytes[leftRow].SequenceEqual(((BytesColumn)right)[rightRow]),
            ValueColumn<long> longs => longs.Values[leftRow] == ((ValueColumn<long>)right).Values[rightRow],
            ValueColumn<int> ints => ints.Values[leftRow] == ((ValueColumn<int>)right).Values[rightRow],
            ValueColumn<double> doubles => doubles.Values[leftRow].Equals(((ValueColumn<double>)right).Values[rightRow]),
            ValueColumn<float> floats => floats.Values[leftRow].Equals(((ValueColumn<float>)right).Values[rightRow]),
            ValueColumn<byte> flags => flags.Values[leftRow] == ((ValueColumn<byte>)right).Values[rightRow],
            _ => throw new ArgumentException($"No key can be made of {left.Type}.", nameof(left)),
        };
    }

    static void Mix(Column column, ulong[] hashes)
    {
        if (column is BytesColumn { Codes: not null } coded && coded.Dictionary!.Count < hashes.Length)
        {
            var entries = new ulong[coded.Dictionary.Count];
            for (var i = 0; i < entries.Length; i++) entries[i] = OfBytes(coded.Dictionary[i]);
            for (var row = 0; row < hashes.Length; row++)
                hashes[row] = Combine(hashes[row], coded.IsNull(row) ? NullHash : entries[coded.Codes[row]]);
            return;
        }
        // What kind of column it is, is asked once, not for each row.
        switch (column)
        {
            case BytesColumn { Codes: null, Validity: null } bytes:
                var (offsets, data) = (bytes.Offsets, bytes.Data);
                for (var row = 0; row < hashes.Length; row++) hashes[row] = Combine(hashes[row], OfBytes(data.AsSpan(offsets[row], offsets[row + 1] - offsets[row])));
                break;
            case ValueColumn<long> { Validity: null } longs:
                Mix(longs.Span, hashes);
                break;
            case ValueColumn<int> { Validity: null } ints:
                Mix(ints.Span, hashes);
                break;
            default:
                for (var row = 0; row < hashes.Length; row++) hashes[row] = Combine(hashes[row], OfValue(column, row));
                break;
        }
    }

    static void Mix<T>(ReadOnlySpan<T> values, ulong[] hashes) where T : struct, IBinaryInteger<T>
    {
        for (var row = 0; row < hashes.Length; row++) hashes[row] = Combine(hashes[row], OfLong(long.CreateTruncating(values[row])));
    }

    static ulong OfValue(Column column, int row)
    {
        if (column.IsNull(row)) return NullHash;
        return column switch
        {
            BytesColumn bytes => OfBytes(bytes[row]),
            ValueColumn<long> longs => OfLong(longs.Values[row]),
            ValueColumn<int> ints => OfLong(ints.Values[row]),
            ValueColumn<double> doubles => OfLong(doubles.Values[row].GetHashCode()),
            ValueColumn<float> floats => OfLong(floats.Values[row].GetHashCode()),
            ValueColumn<byte> flags => OfLong(flags.Values[row]),
            _ => throw new ArgumentException($"No key can be made of {column.Type}.", nameof(column)),
        };
    }

    static ulong OfLong(long value) => Math.BigMul((ulong)value ^ Prime, Prime, out var low) ^ low;

    static ulong OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * Prime;
        while (bytes.Length >= 8)
        {
            hash = Math.BigMul(hash ^ MemoryMarshal.Read<ulong>(bytes), Prime, out var low) ^ low;
            bytes = bytes[8..];
        }
        if (bytes.Length > 0)
        {
            ulong tail = 0;
            for (var i = 0; i < bytes.Length; i++) tail |= (ulong)bytes[i] << (8 * i);
            hash = Math.BigMul(hash ^ tail, Prime, out var low) ^ low;
        }
        return hash;
    }

    static ulong Combine(ulong hash, ulong value) => Math.BigMul(hash ^ value, Prime | 1, out var low) ^ low ^ value;

    static uint Fold(ulong hash) => (uint)(hash ^ (hash >> 32));
}
