using Olist.Formats.Parquet;
using Olist.Formats.Parquet.Encodings;
using Olist.Formats.Parquet.Pages;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Fast encoders and decoders against <see cref="DullEncodings"/>.</summary>
public sealed class EncodingTests
{
    [Fact]
    public void Packed_bits_are_those_of_the_dull_twin_at_every_width()
    {
        var random = new Random(1);
        for (var width = 1; width <= 32; width++)
            foreach (var count in (int[])[1, 7, 8, 9, 16, 31, 64, 1000])
            {
                var values = Values(random, width, count);
                var expected = DullEncodings.PackBits(values.Select(value => (ulong)(uint)value), width, (count + 7) / 8 * 8);
                var packed = new byte[BitPacking.PackedLength(count, width)];
                BitPacking.Pack(values, width, packed);
                Assert.Equal(expected, packed);
                var unpacked = new int[count];
                BitPacking.Unpack(packed, width, unpacked);
                Assert.Equal(values, unpacked);
                // The padding of the last group may be missing.
                BitPacking.Unpack(packed.AsSpan(0, (count * width + 7) / 8), width, unpacked);
                Assert.Equal(values, unpacked);
                Assert.Throws<FormatViolationException>(() => BitPacking.Unpack(packed.AsSpan(0, (count * width + 7) / 8 - 1), width, new int[count]));
            }
    }

    [Fact]
    public void Hybrid_runs_come_back_at_every_width()
    {
        var random = new Random(2);
        for (var round = 0; round < 2000; round++)
        {
            var width = random.Next(1, 33);
            var values = Runs(random, Values(random, width, random.Next(1, 400)));
            using var buffer = new ByteBuffer();
            RleBitPackedWriter.Write(values, width, buffer);
            Assert.Equal(values, DullEncodings.ReadHybrid(buffer.Span, width, values.Length));
            var read = new int[values.Length];
            Assert.Equal(buffer.Length, RleBitPackedReader.Read(buffer.Span, width, read));
            Assert.Equal(values, read);
            Assert.True(buffer.Length <= BitPacking.PackedLength(values.Length, width) + 4, $"{buffer.Length} bytes for {values.Length} values of {width} bits");
        }
    }

    [Fact]
    public void Levels_come_back_whatever_their_runs()
    {
        var random = new Random(3);
        for (var round = 0; round < 2000; round++)
        {
            var values = Runs(random, Values(random, 1, random.Next(1, 700)));
            var flags = values.Select(value => (byte)value).ToArray();
            using var buffer = new ByteBuffer();
            RleBitPackedWriter.WriteLevels(flags, buffer);
            Assert.Equal(values, DullEncodings.ReadHybrid(buffer.Span, 1, values.Length));
            var read = new byte[flags.Length];
            Assert.Equal(values.Sum(), RleBitPackedReader.ReadLevels(buffer.Span, read));
            Assert.Equal(flags, read);
            Assert.Equal(!flags.Contains((byte)0), RleBitPackedReader.AreAllOne(buffer.Span, flags.Length));
        }
    }

    [Theory]
    [InlineData(128, 4)]
    [InlineData(128, 1)]
    [InlineData(256, 8)]
    public void Deltas_come_back_with_any_block_size(int blockSize, int miniblocks)
    {
        var random = new Random(4);
        foreach (var count in (int[])[0, 1, 2, 31, 32, 33, 128, 129, 130, 1000])
            foreach (var span in (long[])[1, 100, int.MaxValue, long.MaxValue])
            {
                var values = Enumerable.Range(0, count).Select(_ => span == long.MaxValue ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(-span, span)).ToArray();
                var encoded = DullEncodings.Delta(values, blockSize, miniblocks);
                var read = new long[count];
                Assert.Equal(encoded.Length, DeltaBinaryPackedReader.Read(encoded, read));
                Assert.Equal(values, read);
            }
    }

    [Fact]
    public void Checksums_are_those_of_gzip_and_do_not_depend_on_the_processor()
    {
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of([]));
        var random = new Random(5);
        for (var length = 0; length < 400; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(DullEncodings.Crc32(bytes), Crc32.Of(bytes));
            Assert.Equal(DullEncodings.Crc32(bytes), Crc32.OfTables(bytes));
        }
    }

    static int[] Values(Random random, int width, int count) =>
        Enumerable.Range(0, count).Select(_ => (int)(uint)random.NextInt64(1L << width)).ToArray();

    /// <summary>Repeats some of the values.</summary>
    static int[] Runs(Random random, int[] values)
    {
        for (var at = 0; at < values.Length;)
        {
            var run = Math.Min(values.Length - at, random.Next(4) == 0 ? random.Next(1, 150) : random.Next(1, 10));
            if (random.Next(2) == 0) values.AsSpan(at, run).Fill(values[at]);
            at += run;
        }
        return values;
    }
}
