using System.Text;
using Olist.Formats.Checksums;

namespace Olist.Formats.Tests.Checksums;

public sealed class Crc32CTests
{
    [Fact]
    public void Equals_the_vectors_of_rfc_3720()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray()));
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Equals_bit_by_bit_division_for_every_length_and_alignment()
    {
        var bytes = new byte[300];
        new Random(20170904).NextBytes(bytes);
        for (var start = 0; start < 9; start++)
            for (var length = 0; length < 200; length++)
                Assert.Equal(BitByBit(bytes.AsSpan(start, length)), Crc32C.Compute(bytes.AsSpan(start, length)));
    }

    [Fact]
    public void Taken_in_parts_is_the_same()
    {
        var bytes = Encoding.UTF8.GetBytes("a checksum may be taken in parts of any size");
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Compute(bytes.AsSpan(cut), Crc32C.Compute(bytes.AsSpan(0, cut))));
    }

    static uint BitByBit(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
        }
        return ~crc;
    }
}
