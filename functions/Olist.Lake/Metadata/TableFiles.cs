using Olist.Storage;

namespace Olist.Lake.Metadata;

/// <summary>Reads and writes the immutable files of one table by their locations; what is missing or damaged comes out as a typed error that names it.</summary>
sealed class TableFiles(IObjectStore store, TableName table, TableLocations locations)
{
    public IObjectStore Store => store;
    public TableName Table => table;
    public TableLocations Locations => locations;

    public async ValueTask<byte[]> ReadAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(locations.KeyOf(location), cancellationToken);
        }
        catch (ObjectNotFoundException e)
        {
            throw Missing(location, e);
        }
    }

    /// <summary>Writes a whole metadata-folder file and gives its location.</summary>
    public async ValueTask<string> WriteMetadataFileAsync(string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var key = $"{locations.TableKey}/metadata/{fileName}";
        await store.PutAsync(key, content, cancellationToken);
        return locations.LocationOf(key);
    }

    public CorruptTableException Missing(string location, Exception inner) =>
        new($"Table {table}: file {location} is missing, although a snapshot uses it. Restore it, or roll back to a snapshot without it.", inner);

    public CorruptTableException Damaged(string location, Exception inner) =>
        new($"Table {table}: file {location} can't be read: {inner.Message.TrimEnd('.')}. Restore it, or roll back to a snapshot without it.", inner);

    public CorruptTableException Contradiction(string location, string what) =>
        new($"Table {table}: file {location} {what}. One of the two was changed after it was written; restore it, or roll back to a snapshot without it.");
}
