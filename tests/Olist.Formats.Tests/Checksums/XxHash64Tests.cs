using System.Text;
using Olist.Formats.Checksums;

namespace Olist.Formats.Tests.Checksums;

public sealed class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Equals_published_vectors(string text, ulong expected) =>
        Assert.Equal(expected, XxHash64.Compute(Encoding.ASCII.GetBytes(text)));

    /// <summary>The generator and values of the reference implementation's own self test, seed 0.</summary>
    [Theory]
    [InlineData(1, 0xE934A84ADB052768)]
    [InlineData(4, 0x9136A0DCA57457EE)]
    [InlineData(14, 0x8282DCC4994E35C8)]
    [InlineData(222, 0xB641AE8CB691C174)]
    public void Equals_the_reference_self_test(int length, ulong expected)
    {
        var bytes = new byte[length];
        var generator = 2654435761ul;
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(generator >> 56);
            generator *= 11400714785074694797ul;
        }
        Assert.Equal(expected, XxHash64.Compute(bytes));
    }
}
