namespace Olist.FunctionsHost.Durable.Instances;

/// <summary>What an instance id may look like.</summary>
static class InstanceIds
{
    const int MaxChars = 256;

    /// <exception cref="ArgumentException">The id is empty, too long, or has characters that addresses or entities need.</exception>
    public static void Check(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        CheckCharacters(id, "instance id");
        if (id[0] == '@') throw new ArgumentException($"The instance id '{id}' starts with '@', which is for entities.", nameof(id));
    }

    /// <exception cref="ArgumentException">The id is too long, or has characters that addresses need.</exception>
    public static void CheckCharacters(string id, string what)
    {
        if (id.Length > MaxChars) throw new ArgumentException($"The {what} has {id.Length} characters; at most {MaxChars} are allowed.", nameof(id));
        foreach (var character in id)
            if (character is '/' or '\\' or '#' or '?' || char.IsControl(character))
                throw new ArgumentException($"The {what} '{id}' holds '{character}' (U+{(int)character:X4}); '/', '\\', '#', '?' and control characters are not allowed.", nameof(id));
    }
}
