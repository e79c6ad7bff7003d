using System.Text;

namespace Olist.Formats.Avro;

/// <summary>CRC-64-AVRO, the Rabin fingerprint of the Avro specification.</summary>
static class AvroFingerprint
{
    const ulong Empty = 0xC15D213AA4D7A795;

    static readonly ulong[] Table = MakeTable();

    public static ulong Of(string canonicalForm)
    {
        var fingerprint = Empty;
        foreach (var value in Encoding.UTF8.GetBytes(canonicalForm))
            fingerprint = (fingerprint >> 8) ^ Table[(byte)(fingerprint ^ value)];
        return fingerprint;
    }

    static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var entry = (ulong)i;
            for (var bit = 0; bit < 8; bit++) entry = (entry >> 1) ^ (Empty & (0 - (entry & 1)));
            table[i] = entry;
        }
        return table;
    }
}
