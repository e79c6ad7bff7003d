namespace Olist.Streaming.Log;

/// <summary>The file <c>log/id</c>: a name given once, when the log is made.</summary>
static class LogIdentity
{
    /// <exception cref="CorruptLogException">The file holds something else, or is gone while there are topics.</exception>
    public static string LoadOrMake(string logFolder)
    {
        var path = Path.Combine(logFolder, "id");
        if (File.Exists(path))
        {
            var text = File.ReadAllText(path).Trim();
            return Guid.TryParseExact(text, "N", out _) ? text
                : throw new CorruptLogException($"{path} holds '{text}', expected 32 hexadecimal digits. Restore the file: bronze tables name the log they were filled from by it (olist.log in their snapshot summaries).");
        }
        if (Directory.EnumerateDirectories(Path.Combine(logFolder, "topics")).Any())
            throw new CorruptLogException($"{path} is gone, but the log has topics. Restore the file: bronze tables name the log they were filled from by it (olist.log in their snapshot summaries).");
        var id = Guid.NewGuid().ToString("N");
        using (var file = File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(id), 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(path + ".new", path);
        return id;
    }
}
