using System.Text;
using Olist.Formats.Compression;

namespace Olist.Formats.Tests.Compression;

public sealed class SnappyTests
{
    public static TheoryData<string, int> Inputs()
    {
        var inputs = new TheoryData<string, int>();
        foreach (var kind in (string[])["zeros", "noise", "hex", "text", "longs", "far"])
            foreach (var length in (int[])[0, 1, 3, 4, 14, 15, 16, 17, 31, 60, 61, 64, 65, 100, 255, 256, 257, 1000, 65_535, 65_536, 65_537, 300_000])
                inputs.Add(kind, length);
        return inputs;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void What_is_compressed_comes_back_here_and_elsewhere(string kind, int length)
    {
        var input = Make(kind, length, seed: length);
        var compressed = Compress(input);
        var output = new byte[length];
        Snappy.Decompress(compressed, output);
        Assert.Equal(input, output);
        Assert.Equal(input, IronSnappy.Snappy.Decode(compressed));
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void What_another_one_compressed_comes_back(string kind, int length)
    {
        var input = Make(kind, length, seed: length + 1);
        var compressed = IronSnappy.Snappy.Encode(input);
        Assert.Equal(length, Snappy.ReadDecompressedLength(compressed));
        var output = new byte[length];
        Snappy.Decompress(compressed, output);
        Assert.Equal(input, output);
    }

    [Fact]
    public void Repetition_is_found_as_well_as_another_one_finds_it()
    {
        foreach (var kind in (string[])["zeros", "text", "longs"])
        {
            var input = Make(kind, 200_000, seed: 1);
            Assert.True(Compress(input).Length <= IronSnappy.Snappy.Encode(input).Length * 1.02, kind);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damage_is_refused_or_harmless_and_never_leaves_the_buffer(int seed)
    {
        var random = new Random(seed);
        foreach (var kind in (string[])["text", "longs", "hex", "far"])
        {
            var input = Make(kind, 3000, seed);
            var good = Compress(input);
            for (var round = 0; round < 5000; round++)
            {
                var bad = good[..(random.Next(4) == 0 ? random.Next(good.Length) : good.Length)];
                for (var flips = random.Next(1, 4); flips > 0 && bad.Length > 0; flips--) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                var guarded = new byte[3000 + 200];
                guarded.AsSpan().Fill(0xAB);
                try
                {
                    Snappy.Decompress(bad, guarded.AsSpan(100, 3000));
                }
                catch (FormatViolationException)
                {
                }
                Assert.False(guarded.AsSpan(0, 100).ContainsAnyExcept((byte)0xAB));
                Assert.False(guarded.AsSpan(3100).ContainsAnyExcept((byte)0xAB));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFF7F")]
    [InlineData("05 00 61")]
    [InlineData("05 10 61 62 63 64")]
    [InlineData("05 01 00")]
    [InlineData("05 00 61 0E 00 00")]
    [InlineData("05 00 61 0E 02 00")]
    [InlineData("05 FC FF FF FF FF")]
    [InlineData("05 10 61 62 63 64 65 00 66")]
    public void Blocks_that_lie_are_refused(string hex) =>
        Assert.Throws<FormatViolationException>(() => Snappy.Decompress(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), new byte[5]));

    static byte[] Compress(byte[] input)
    {
        var room = new byte[Snappy.MaxCompressedLength(input.Length)];
        return room[..Snappy.Compress(input, room)];
    }

    static byte[] Make(string kind, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        switch (kind)
        {
            case "zeros": break;
            case "noise": random.NextBytes(bytes); break;
            case "hex": for (var i = 0; i < length; i++) bytes[i] = (byte)"0123456789abcdef"[random.Next(16)]; break;
            case "text":
                var words = Enumerable.Range(0, 50).Select(_ => new string((char)('a' + random.Next(26)), random.Next(1, 12))).ToArray();
                var text = new StringBuilder();
                while (text.Length < length) text.Append(words[random.Next(words.Length)]).Append(' ');
                bytes = Encoding.ASCII.GetBytes(text.ToString(0, length));
                break;
            case "longs":
                for (var i = 0; i + 8 <= length; i += 8) BitConverter.TryWriteBytes(bytes.AsSpan(i), 1_472_000_000_000_000 + i * 1_000_000L + random.Next(100) * 1_000_000L);
                break;
            default:
                // Repeats at distances from 1 to far beyond a fragment.
                random.NextBytes(bytes);
                for (var at = 0; at < length;)
                {
                    var distance = random.Next(3) switch { 0 => random.Next(1, 20), 1 => random.Next(1, 3000), _ => random.Next(1, 70_000) };
                    var run = Math.Min(random.Next(1, 200), length - at);
                    if (distance <= at && random.Next(2) == 0)
                        for (var i = 0; i < run; i++) bytes[at + i] = bytes[at + i - distance];
                    at += run;
                }
                break;
        }
        return bytes;
    }
}
