using System.Numerics;
using System.Runtime.InteropServices;
using Olist.FunctionsHost.Durable.Instances;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Entities;

/// <summary>Entity ids as text (<c>@name@key</c>) and as hashes.</summary>
static class EntityIds
{
    /// <exception cref="ArgumentException">The id has no name, is too long, or has characters that addresses need.</exception>
    public static string Check(EntityInstanceId id)
    {
        if (id.Name.Length == 0) throw new ArgumentException("The entity id is empty; make it with a name and a key.", nameof(id));
        var text = id.ToString();
        InstanceIds.CheckCharacters(text, "entity id");
        return text;
    }

    public static string NameOf(string id) => id[1..id.IndexOf('@', 1)];

    /// <summary>On disk: must never change.</summary>
    public static ulong Hash(string id)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)id.Length * Factor;
        var words = MemoryMarshal.Cast<char, ulong>(id.AsSpan());
        foreach (var word in words) hash = BitOperations.RotateLeft((hash ^ word) * Factor, 29);
        foreach (var rest in id.AsSpan(words.Length * 4)) hash = BitOperations.RotateLeft((hash ^ rest) * Factor, 29);
        hash ^= hash >> 33;
        hash *= 0xFF51AFD7ED558CCD;
        hash ^= hash >> 33;
        hash *= 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
