using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Olist.Formats.Checksums;
using Olist.Formats.Parquet.Thrift;

namespace Olist.Formats.Parquet.Indexes;

/// <summary>A split-block bloom filter: blocks of eight 32-bit words, one bit set in each word per value.</summary>
static class BloomFilter
{
    const int BlockBytes = 32;

    /// <summary>Larger sets get a filter that is less sure, but never wrong.</summary>
    const int MaxBytes = 16 << 20;

    static readonly uint[] Salt = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    /// <summary>Hash of a plain value, without the length that byte arrays have.</summary>
    public static ulong Hash(ReadOnlySpan<byte> plainValue) => XxHash64.Compute(plainValue);

    /// <summary>The bits for some values: a power of two of bytes, as one widespread reader insists.</summary>
    /// <param name="hashes">Of the values.</param>
    /// <param name="falsePositives">How many of the values that are not there may seem to be, at most, as a share between 0 and 1.</param>
    public static byte[] Build(ReadOnlySpan<ulong> hashes, double falsePositives)
    {
        // Each value sets one bit in each of eight words.
        var bitsPerValue = -8 / Math.Log(1 - Math.Pow(falsePositives, 1.0 / 8));
        var wanted = Math.Clamp((long)(hashes.Length * bitsPerValue / 8), BlockBytes, MaxBytes);
        var bits = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)wanted)];
        var words = MemoryMarshal.Cast<byte, uint>(bits.AsSpan());
        foreach (var hash in hashes)
        {
            var block = words.Slice(BlockOf(hash, bits.Length), 8);
            for (var i = 0; i < 8; i++) block[i] |= BitOf(hash, i);
        }
        return bits;
    }

    /// <summary>Which values may be there: 1 for those, 0 for those that surely are not.</summary>
    /// <remarks>Nothing branches on what a block says, so that the processor waits for the memory of many blocks at the same time. In the order of their hashes, values walk through the filter once.</remarks>
    public static void Test(ReadOnlySpan<byte> bits, ReadOnlySpan<ulong> hashes, Span<byte> may)
    {
        may = may[..hashes.Length];
        if (Avx2.IsSupported)
        {
            var salt = Vector256.Create(Salt);
            var words = MemoryMarshal.Cast<byte, uint>(bits);
            for (var i = 0; i < hashes.Length; i++)
            {
                var block = Vector256.Create(words.Slice(BlockOf(hashes[i], bits.Length), 8));
                var wanted = Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, (Vector256.Create((uint)hashes[i]) * salt) >>> 27);
                may[i] = (byte)(Avx.TestC(block, wanted) ? 1 : 0);
            }
            return;
        }
        for (var i = 0; i < hashes.Length; i++) may[i] = (byte)(MayContain(bits, hashes[i]) ? 1 : 0);
    }

    /// <summary>The same for one value, by the letter of the specification.</summary>
    public static bool MayContain(ReadOnlySpan<byte> bits, ulong hash)
    {
        var block = MemoryMarshal.Cast<byte, uint>(bits).Slice(BlockOf(hash, bits.Length), 8);
        for (var i = 0; i < 8; i++)
            if ((block[i] & BitOf(hash, i)) == 0) return false;
        return true;
    }

    /// <summary>The header: length, and the only algorithm, hash and compression there are.</summary>
    public static void WriteHeader(int bytes, ByteBuffer output)
    {
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.Int32(1, bytes);
        for (short id = 2; id <= 4; id++) writer.EmptyUnion(id, 1);
        writer.EndStruct();
    }

    /// <summary>Bytes of the filter behind a header.</summary>
    public static int ReadHeader(ReadOnlySpan<byte> source, out int headerBytes)
    {
        var reader = new ThriftReader(source);
        var bytes = 0;
        short id = 0;
        while (reader.NextField(ref id, out var type))
        {
            if (id == 1) bytes = reader.Int32(type);
            else if (id is >= 2 and <= 4 && type == ThriftType.Struct) ExpectFirstMember(ref reader);
            else reader.Skip(type);
        }
        headerBytes = reader.Position;
        return bytes > 0 && bytes % BlockBytes == 0 ? bytes : throw new FormatViolationException($"a bloom filter of {bytes} bytes");
    }

    static void ExpectFirstMember(ref ThriftReader reader)
    {
        short member = 0;
        while (reader.NextField(ref member, out var type))
        {
            if (member != 1) throw new FormatViolationException("a bloom filter that is not split-block, XXH64 and uncompressed");
            reader.Skip(type);
        }
    }

    static int BlockOf(ulong hash, int bytes) => (int)((hash >> 32) * (uint)(bytes / BlockBytes) >> 32) * 8;

    static uint BitOf(ulong hash, int word) => 1u << (int)((uint)hash * Salt[word] >> 27);
}
