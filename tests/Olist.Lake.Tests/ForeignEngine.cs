using System.Text;
using System.Text.Json.Nodes;
using Olist.Formats.Avro;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Lake.Tests;

/// <summary>Commits to an unpartitioned table what other engines do and this project does not yet: compaction, deletes by value, deletes by position in no order. Written plainly, from the format's text.</summary>
sealed class ForeignEngine(TestLake lake)
{
    const string Root = "bronze/orders/";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    readonly long _snapshotId = 1_000_000 + lake.Table.MetadataVersion;

    /// <summary>All live rows into one file: a <c>replace</c> snapshot.</summary>
    public async Task<long> CompactAsync()
    {
        var rows = TestLake.Batch(await TestLake.ScanAsync(await lake.ReopenAsync()));
        var (path, bytes) = await WriteParquetAsync("compacted.parquet", rows);
        return await CommitAsync("replace", keepManifests: false, [File(0, path, bytes, rows.RowCount, null)], []);
    }

    /// <summary>A file of another writer, without any bounds in the manifest: an <c>append</c> snapshot.</summary>
    public async Task<long> AppendFileAsync(byte[] parquet, int rows)
    {
        var (path, bytes) = await PutAsync("foreign.parquet", parquet);
        return await CommitAsync("append", keepManifests: true, [File(0, path, bytes, rows, null)], []);
    }

    /// <summary>Removes the rows whose column has one of the values and adds others: an <c>overwrite</c> snapshot with an equality delete file.</summary>
    public async Task<long> DeleteByValueAsync(string column, RowBatch values, RowBatch? added = null)
    {
        var (path, bytes) = await WriteParquetAsync("equality-deletes.parquet", values);
        var data = new List<object?[]>();
        if (added is not null)
        {
            var (addedPath, addedBytes) = await WriteParquetAsync("added.parquet", added);
            data.Add(File(0, addedPath, addedBytes, added.RowCount, null));
        }
        return await CommitAsync("overwrite", keepManifests: true, data, [File(2, path, bytes, values.RowCount, [TestLake.Columns.First(known => known.Name == column).FieldId])]);
    }

    /// <summary>Removes rows by their place in data files, which are given by key: a <c>delete</c> snapshot with one delete file for each list, whose rows stay in the order that they come in.</summary>
    public async Task<long> DeleteByPositionAsync(params IReadOnlyList<IReadOnlyList<(string Key, long Row)>> lists)
    {
        ColumnSchema[] columns = [new(2_147_483_546, "file_path", DataType.String, Required: true), new(2_147_483_545, "pos", DataType.Long, Required: true)];
        var files = new List<object?[]>();
        foreach (var list in lists)
        {
            var paths = BytesColumn.Of([.. list.Select(row => $"{lake.Store.RootUri}/{row.Key}")]);
            var (path, bytes) = await WriteParquetAsync($"position-deletes-{files.Count}.parquet", new RowBatch(columns, [paths, new ValueColumn<long>(DataType.Long, [.. list.Select(row => row.Row)], list.Count)], list.Count));
            files.Add(File(1, path, bytes, list.Count, null));
        }
        return await CommitAsync("delete", keepManifests: true, [], files);
    }

    async Task<(string Location, int Bytes)> WriteParquetAsync(string name, RowBatch rows)
    {
        using var buffer = new MemoryStream();
        await using (var writer = new ParquetWriter(buffer, rows.Schema))
        {
            await writer.WriteAsync(rows, Token);
            await writer.CompleteAsync(Token);
        }
        return await PutAsync(name, buffer.ToArray());
    }

    async Task<(string Location, int Bytes)> PutAsync(string name, byte[] content)
    {
        var key = $"{Root}data/{_snapshotId}-{name}";
        await lake.Store.PutAsync(key, content, Token);
        return ($"{lake.Store.RootUri}/{key}", content.Length);
    }

    static object?[] File(int content, string path, int bytes, int rows, int[]? equalityIds) =>
        [content, path, "PARQUET", Array.Empty<object?>(), (long)rows, (long)bytes, null, null, null, null, null, null, null, null, equalityIds?.Cast<object?>().ToList(), null, null];

    async Task<long> CommitAsync(string operation, bool keepManifests, List<object?[]> data, List<object?[]> deletes)
    {
        var key = await MetadataEditor.CurrentKeyAsync(lake);
        var json = JsonNode.Parse(MetadataEditor.WithoutChecksum(Encoding.UTF8.GetString(await lake.Store.ReadAsync(key, Token))))!;
        var parent = json["snapshots"]!.AsArray().Last()!;
        var sequence = json["last-sequence-number"]!.GetValue<long>() + 1;
        var (listSchema, _, parentList) = AvroFile.Read(await ReadAsync(parent["manifest-list"]!.GetValue<string>()), "list");
        var manifests = keepManifests ? parentList.Select(record => record.Values.ToArray()).ToList() : [];
        var template = (string)parentList[0]["manifest_path"]!;
        foreach (var (files, isDeletes) in ((List<object?[]>, bool)[])[(data, false), (deletes, true)])
            if (files.Count > 0) manifests.Insert(0, await WriteManifestAsync(template, files, isDeletes, sequence));
        var list = $"{Root}metadata/snap-{_snapshotId}.avro";
        await lake.Store.PutAsync(list, AvroFile.Write(listSchema, manifests, [], deflate: false), Token);
        var time = json["last-updated-ms"]!.GetValue<long>() + 5;
        json["snapshots"]!.AsArray().Add(new JsonObject
        {
            ["snapshot-id"] = _snapshotId, ["parent-snapshot-id"] = parent["snapshot-id"]!.GetValue<long>(), ["sequence-number"] = sequence, ["timestamp-ms"] = time,
            ["manifest-list"] = $"{lake.Store.RootUri}/{list}", ["summary"] = new JsonObject { ["operation"] = operation }, ["schema-id"] = 0,
        });
        json["snapshot-log"]!.AsArray().Add(new JsonObject { ["timestamp-ms"] = time, ["snapshot-id"] = _snapshotId });
        (json["last-sequence-number"], json["last-updated-ms"], json["current-snapshot-id"], json["refs"]!["main"]!["snapshot-id"]) = (sequence, time, _snapshotId, _snapshotId);
        var version = int.Parse(key[(key.LastIndexOf('v') + 1)..key.IndexOf(".metadata", StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(await lake.Store.TryCreateAsync($"{Root}metadata/v{version + 1}.metadata.json", Encoding.UTF8.GetBytes(json.ToJsonString()), Token));
        return _snapshotId;
    }

    async Task<object?[]> WriteManifestAsync(string template, List<object?[]> files, bool isDeletes, long sequence)
    {
        var (schema, metadata, _) = AvroFile.Read(await ReadAsync(template), "manifest");
        var header = metadata.Where(entry => !entry.Key.StartsWith("avro.", StringComparison.Ordinal) && entry.Key != "content")
            .Select(entry => KeyValuePair.Create(entry.Key, Encoding.UTF8.GetString(entry.Value))).Append(new("content", isDeletes ? "deletes" : "data"));
        var content = AvroFile.Write(schema, files.Select(file => new object?[] { 1, _snapshotId, null, null, file }), header, deflate: false);
        var key = $"{Root}metadata/{_snapshotId}-{(isDeletes ? "d" : "m")}.avro";
        await lake.Store.PutAsync(key, content, Token);
        return [$"{lake.Store.RootUri}/{key}", (long)content.Length, 0, isDeletes ? 1 : 0, sequence, sequence, _snapshotId, files.Count, 0, 0, files.Sum(file => (long)file[4]!), 0L, 0L, new List<object?>(), null];
    }

    ValueTask<byte[]> ReadAsync(string location) => lake.Store.ReadAsync(location[(lake.Store.RootUri.Length + 1)..], Token);
}
