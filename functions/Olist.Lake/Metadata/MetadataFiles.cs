using System.Globalization;
using System.Text;
using Olist.Storage;

namespace Olist.Lake.Metadata;

/// <summary>A version of a table's metadata and its number.</summary>
sealed record TableVersion(int Number, TableMetadata Metadata)
{
    /// <summary>Its file as it was just before it was read, or just after it was written; null where nobody looked.</summary>
    public ObjectInfo? File { get; init; }

    /// <exception cref="CorruptTableException">They are versions of two tables: one was dropped and another made in its place.</exception>
    public static void CheckSame(TableVersion known, TableVersion newer, TableName table)
    {
        if (newer.Metadata.TableUuid != known.Metadata.TableUuid)
            throw new CorruptTableException($"Table {table} at {newer.Metadata.Location} is another table than before: its UUID was {known.Metadata.TableUuid} and is {newer.Metadata.TableUuid}. It was dropped and made again; open it anew.");
    }
}

/// <summary>The files <c>metadata/vN.metadata.json</c> of one table and its <c>version-hint.text</c>: finding and reading the current one.</summary>
/// <remarks>The current version is the highest N that exists. The hint is a lower bound only: it is written after the commit, by whoever is last, and may be missing or torn.</remarks>
sealed class MetadataFiles(IObjectStore store, string tableKey, TableName table)
{
    const string Suffix = ".metadata.json";

    public string FolderKey { get; } = tableKey + "/metadata/";
    public string HintKey => FolderKey + "version-hint.text";
    public string KeyOf(int version) => string.Create(CultureInfo.InvariantCulture, $"{FolderKey}v{version}{Suffix}");

    /// <summary>The current version, or null when there is no table.</summary>
    /// <exception cref="NotATableException">The metadata folder holds something else.</exception>
    public async ValueTask<TableVersion?> LoadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A hint that names no version (cleaned away, or torn) shows when that version is read: looking first would be one more request each time.
            if (await ReadHintAsync(cancellationToken) is { } hint && await LoadFromAsync(hint, cancellationToken) is { } hinted) return hinted;
            var start = await ListHighestAsync(cancellationToken);
            if (start == 0) return null;
            if (await LoadFromAsync(start, cancellationToken) is { } loaded) return loaded;
            // Cleaned away while we walked: writers were quick, so start again from their hint.
        }
    }

    /// <summary>The current version when that is not <paramref name="known"/>, else null.</summary>
    public async ValueTask<TableVersion?> LoadNewerAsync(int known, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(known + 1, cancellationToken) && await LoadFromAsync(known + 1, cancellationToken) is { } next) return next;
        // The next one may have been written and cleaned away long ago: then the hint is far ahead.
        var hint = await ReadHintAsync(cancellationToken);
        return hint is null || hint <= known ? null : await LoadAsync(cancellationToken);
    }

    async ValueTask<TableVersion?> LoadFromAsync(int version, CancellationToken cancellationToken)
    {
        while (await ExistsAsync(version + 1, cancellationToken)) version++;
        try
        {
            var file = await FindAsync(version, cancellationToken);
            var content = await store.ReadAsync(KeyOf(version), cancellationToken);
            return new TableVersion(version, TableMetadataReader.Read(content, NameOf(KeyOf(version)))) { File = file };
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    string NameOf(string key) => $"Table {table}, {store.RootUri}/{key}";

    public ValueTask<ObjectInfo?> FindAsync(int version, CancellationToken cancellationToken) => store.FindAsync(KeyOf(version), cancellationToken);

    public async ValueTask<bool> ExistsAsync(int version, CancellationToken cancellationToken) => await FindAsync(version, cancellationToken) is not null;

    public async ValueTask<int?> ReadHintAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = Encoding.UTF8.GetString(await store.ReadAsync(HintKey, cancellationToken));
            return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : null;
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Digits and nothing else: DuckDB and PyIceberg put the text into a file name as it is.</summary>
    public async ValueTask WriteHintAsync(int version, CancellationToken cancellationToken) =>
        await store.ReplaceAsync(HintKey, Encoding.UTF8.GetBytes(version.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    async ValueTask<int> ListHighestAsync(CancellationToken cancellationToken)
    {
        var highest = 0;
        string? other = null;
        await foreach (var info in store.ListAsync(FolderKey, cancellationToken))
        {
            var name = info.Key[FolderKey.Length..];
            if (VersionOf(name) is { } version) highest = Math.Max(highest, version);
            else if (name.EndsWith(Suffix, StringComparison.Ordinal) || name.EndsWith(".metadata.json.gz", StringComparison.Ordinal)) other = name;
        }
        return highest == 0 && other is not null
            ? throw new NotATableException($"{store.RootUri}/{FolderKey} holds {other}, but no v1{Suffix}: the table belongs to a catalog that keeps the pointer to its current metadata elsewhere, or is compressed. Read it through that catalog.")
            : highest;
    }

    /// <summary>N of <c>vN.metadata.json</c>.</summary>
    public static int? VersionOf(string fileName) =>
        fileName.StartsWith('v') && fileName.EndsWith(Suffix, StringComparison.Ordinal) && fileName.Length > Suffix.Length + 1
        && int.TryParse(fileName.AsSpan(1, fileName.Length - 1 - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : null;
}
