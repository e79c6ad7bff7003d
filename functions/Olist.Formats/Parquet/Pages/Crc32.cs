using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Olist.Formats.Parquet.Pages;

/// <summary>The CRC-32 of zlib and gzip (polynomial 04C11DB7, reflected), which page headers carry.</summary>
/// <remarks>Folds 64 bytes at a time with carry-less multiplication where the processor has it, else eight bytes by table.</remarks>
static class Crc32
{
    static readonly uint[] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        if (Pclmulqdq.IsSupported && Sse2.IsSupported && bytes.Length >= 64)
        {
            var whole = bytes.Length & ~15;
            crc = Fold(bytes[..whole], crc);
            bytes = bytes[whole..];
        }
        return ~OfTables(bytes, crc);
    }

    /// <summary>By tables only; the same answer.</summary>
    public static uint OfTables(ReadOnlySpan<byte> bytes) => ~OfTables(bytes, uint.MaxValue);

    static uint OfTables(ReadOnlySpan<byte> bytes, uint crc)
    {
        var tables = Tables;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[7 * 256 + (int)(low & 0xFF)] ^ tables[6 * 256 + (int)((low >> 8) & 0xFF)] ^ tables[5 * 256 + (int)((low >> 16) & 0xFF)] ^ tables[4 * 256 + (int)(low >> 24)]
                ^ tables[3 * 256 + (int)(high & 0xFF)] ^ tables[2 * 256 + (int)((high >> 8) & 0xFF)] ^ tables[256 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (var value in bytes) crc = (crc >> 8) ^ tables[(byte)(crc ^ value)];
        return crc;
    }

    // The constants are powers of x modulo the polynomial, as in Intel's "Fast CRC Computation Using PCLMULQDQ".
    static uint Fold(ReadOnlySpan<byte> bytes, uint crc)
    {
        ref var source = ref MemoryMarshal.GetReference(bytes);
        nuint at = 64;
        var left = bytes.Length - 64;
        var x1 = Vector128.LoadUnsafe(ref source).AsInt64() ^ Vector128.CreateScalar((long)crc);
        var x2 = Vector128.LoadUnsafe(ref source, 16).AsInt64();
        var x3 = Vector128.LoadUnsafe(ref source, 32).AsInt64();
        var x4 = Vector128.LoadUnsafe(ref source, 48).AsInt64();
        var by64 = Vector128.Create(0x0154442bd4, 0x01c6e41596);
        for (; left >= 64; left -= 64, at += 64)
        {
            x1 = Step(x1, by64) ^ Vector128.LoadUnsafe(ref source, at).AsInt64();
            x2 = Step(x2, by64) ^ Vector128.LoadUnsafe(ref source, at + 16).AsInt64();
            x3 = Step(x3, by64) ^ Vector128.LoadUnsafe(ref source, at + 32).AsInt64();
            x4 = Step(x4, by64) ^ Vector128.LoadUnsafe(ref source, at + 48).AsInt64();
        }
        var by16 = Vector128.Create(0x01751997d0, 0x00ccaa009e);
        x1 = Step(x1, by16) ^ x2;
        x1 = Step(x1, by16) ^ x3;
        x1 = Step(x1, by16) ^ x4;
        for (; left >= 16; left -= 16, at += 16) x1 = Step(x1, by16) ^ Vector128.LoadUnsafe(ref source, at).AsInt64();
        Span<byte> rest = stackalloc byte[16];
        x1.AsByte().CopyTo(rest);
        return OfTables(rest, 0);
    }

    static Vector128<long> Step(Vector128<long> value, Vector128<long> factors) =>
        Pclmulqdq.CarrylessMultiply(value, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, factors, 0x11);

    static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            tables[i] = crc;
        }
        for (var i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        return tables;
    }
}
