using System.Globalization;
using Olist.Lake.Manifests;
using Olist.Lake.Metadata;
using Olist.Lake.Scans;
using Olist.Storage;

namespace Olist.Lake.Commits;

/// <summary>Makes a new snapshot: files once, then per try a manifest list and the metadata on top of whatever the head is by then.</summary>
/// <remarks>Subclasses say what a change writes and what it conflicts with. Used for one commit, by one caller at a time.</remarks>
abstract class SnapshotProducer : ICommit
{
    readonly TableContext _published;
    readonly List<WrittenManifest> _manifests = [];
    readonly HashSet<string> _triedKeys = [];
    int _manifestCount;
    TableSchema? _schema;

    sealed record WrittenManifest(ManifestFile File, IReadOnlyList<ManifestEntry> Entries);

    protected SnapshotProducer(TableContext table, TableChange change)
    {
        _published = table;
        Writes = table.Store.BeginWrites();
        Table = table.Through(Writes);
        Change = change;
        CommitId = table.Ids.NextUuid().ToString();
        SnapshotId = table.Ids.NextSnapshotId();
    }

    public WriteGroup Writes { get; }

    /// <summary>The table through <see cref="Writes"/>.</summary>
    protected TableContext Table { get; }
    protected TableChange Change { get; }
    protected string CommitId { get; }
    protected WrittenFiles Written { get; } = new();

    /// <summary>The branch that the snapshot becomes the head of.</summary>
    protected string Branch => Change.Branch;
    protected List<AddedFile> AddedData { get; private set; } = [];
    protected List<AddedFile> AddedDeletes { get; private set; } = [];

    /// <summary>Data and delete files that this snapshot takes away.</summary>
    protected virtual IReadOnlyCollection<DataFile> Removed => [];

    public long SnapshotId { get; private set; }

    /// <summary>Writes what does not depend on the head: data files, delete files and their manifests.</summary>
    public async ValueTask PrepareAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        while (metadata.FindSnapshot(SnapshotId) is not null) SnapshotId = Table.Ids.NextSnapshotId();
        HeadOf(metadata); // a branch that is not there fails before anything is written
        _schema = metadata.CurrentSchema;
        var data = WriteDataAsync(metadata, cancellationToken).AsTask();
        var deletes = WriteDeletesAsync(cancellationToken).AsTask();
        await Task.WhenAll(data, deletes); // both, also when one fails: what they wrote is removed after
        (AddedData, AddedDeletes) = (await data, await deletes);
        Writes.BeginFlush(); // beside the manifests and what follows
        var groups = AddedData.GroupBy(file => file.SpecId).Select(group => (Files: group, IsDeletes: false, Name: NextManifestName()))
            .Concat(AddedDeletes.GroupBy(file => file.SpecId).Select(group => (Files: group, IsDeletes: true, Name: NextManifestName()))).ToArray();
        _manifests.AddRange(await Ahead.ToListAsync(groups, (group, token) => WriteManifestAsync(metadata, group.Name, group.IsDeletes, group.Files, token), Table.Options.Parallelism, cancellationToken));
    }

    protected virtual async ValueTask<List<AddedFile>> WriteDataAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        var writer = new DataFileWriter(Table, metadata, CommitId, Written);
        var files = await writer.WriteAsync(Change.Append, cancellationToken);
        if (Change.AppendStream is { } stream) files.AddRange(await writer.WriteAsync(stream, cancellationToken));
        return files.ConvertAll(file => new AddedFile(metadata.DefaultSpecId, file));
    }

    protected virtual ValueTask<List<AddedFile>> WriteDeletesAsync(CancellationToken cancellationToken) => new([]);

    async ValueTask<WrittenManifest> WriteManifestAsync(TableMetadata metadata, string fileName, bool isDeletes, IGrouping<int, AddedFile> files, CancellationToken cancellationToken)
    {
        var entries = files.Select(file => new ManifestEntry(EntryStatus.Added, SnapshotId, file.Sequence, ManifestWriter.Unassigned, file.File)).ToArray();
        Written.Add(KeyOf(fileName));
        return new WrittenManifest(await ManifestWriter.WriteAsync(Table.Files, fileName, metadata, metadata.GetSpec(files.Key), isDeletes, entries, SnapshotId, cancellationToken), entries);
    }

    string NextManifestName() => string.Create(CultureInfo.InvariantCulture, $"{CommitId}-m{_manifestCount++}.avro");

    string KeyOf(string fileName) => $"{Table.Files.Locations.TableKey}/metadata/{fileName}";

    /// <summary>Throws when the change can't go on top of this head.</summary>
    /// <exception cref="CommitConflictException">It has to be computed again.</exception>
    public virtual ValueTask CheckAsync(TableMetadata head, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected abstract string Operation { get; }

    /// <summary>The metadata with this snapshot as its head.</summary>
    public virtual async ValueTask<TableMetadata> ApplyAsync(TableMetadata head, int attempt, CancellationToken cancellationToken)
    {
        await DeleteTriedAsync();
        CheckRequired(head);
        var sequence = head.LastSequenceNumber + 1;
        var parent = HeadOf(head);
        var list = await ListManifestsAsync(head, parent, sequence, cancellationToken);
        var fileName = string.Create(CultureInfo.InvariantCulture, $"snap-{SnapshotId}-{attempt}-{CommitId}.avro");
        _triedKeys.Add(KeyOf(fileName));
        var location = await Table.Files.WriteMetadataFileAsync(fileName, ManifestLists.Write(list, SnapshotId, parent?.SnapshotId, sequence), cancellationToken);
        Table.Cache.Put(location, list, ManifestLists.Weigh(list));
        return NextMetadata(head, parent, sequence, location);
    }

    public async ValueTask AwaitTurnAsync(TableVersion next, CancellationToken cancellationToken)
    {
        Change.Foreseen?.Invoke(new LakeTable(_published, next));
        if (!Change.PublishAfter.IsCompleted) Writes.BeginFlush();
        await Change.PublishAfter.WaitAsync(cancellationToken);
    }

    /// <exception cref="LakeException">There is no such branch.</exception>
    protected LakeSnapshot? HeadOf(TableMetadata metadata)
    {
        if (Branch == TableMetadata.MainBranch) return metadata.Current;
        return metadata.Refs.GetValueOrDefault(Branch)?.Type == SnapshotRef.Branch
            ? metadata.HeadOf(Branch)
            : throw new LakeException($"Table {Table.Name} has no branch {Branch}; it has {string.Join(", ", metadata.Refs.Where(pair => pair.Value.Type == SnapshotRef.Branch).Select(pair => pair.Key).DefaultIfEmpty("none"))}. Create it first.");
    }

    /// <summary>A column that became required while files were written without it: they would not be readable.</summary>
    void CheckRequired(TableMetadata head)
    {
        if (AddedData.Count == 0 || _schema is null || head.CurrentSchemaId == _schema.SchemaId) return;
        if (head.CurrentSchema.Fields.FirstOrDefault(field => field.Required && _schema.FindField(field.Id) is not { Required: true }) is { } field)
            throw new CommitConflictException($"The change to table {Table.Name} can't be committed: column {field.Name} became required after its rows were written. Refresh the table and commit them again with that column.");
    }

    async ValueTask<IReadOnlyList<ManifestFile>> ListManifestsAsync(TableMetadata head, LakeSnapshot? parent, long sequence, CancellationToken cancellationToken)
    {
        var parents = parent is null ? [] : await Table.ReadListAsync(parent, cancellationToken);
        var carried = await CarryAsync(head, [.. parents.Where(manifest => manifest.LiveFiles > 0)], NextTriedName, cancellationToken);
        var merged = await new ManifestMerger(Table, head).MergeAsync(carried, SnapshotId, NextTriedName, cancellationToken);
        // New first. What this commit wrote takes its number now: losing a race costs a new list, not new manifests.
        var written = _manifests.ConvertAll(manifest => manifest with { File = Numbered(manifest.File) });
        foreach (var manifest in written) Table.Keep(manifest.File, head, manifest.Entries);
        return [.. written.Select(manifest => manifest.File), .. merged.Select(Numbered)];

        ManifestFile Numbered(ManifestFile manifest) => manifest.Sequence != ManifestWriter.Unassigned ? manifest
            : manifest with { Sequence = sequence, MinSequence = manifest.MinSequence == ManifestWriter.Unassigned ? sequence : manifest.MinSequence };
    }

    string NextTriedName()
    {
        var fileName = NextManifestName();
        _triedKeys.Add(KeyOf(fileName));
        return fileName;
    }

    /// <summary>The manifests of the parent as this snapshot lists them.</summary>
    protected virtual ValueTask<IReadOnlyList<ManifestFile>> CarryAsync(TableMetadata head, IReadOnlyList<ManifestFile> parents, Func<string> nextFileName, CancellationToken cancellationToken) => new(parents);

    TableMetadata NextMetadata(TableMetadata head, LakeSnapshot? parent, long sequence, string manifestList)
    {
        var now = Math.Max(Table.Time.GetUtcNow().ToUnixTimeMilliseconds(), head.LastUpdatedMs + 1);
        var summary = SummaryBuilder.Build(parent, [.. AddedData.Select(file => file.File)], [.. AddedDeletes.Select(file => file.File)], Removed);
        summary[SummaryKeys.CommitId] = CommitId;
        DescribeOperation(summary);
        foreach (var (key, value) in Change.Summary) summary[key] = value;
        if (Change.SummaryOf is { } summaryOf)
            foreach (var (key, value) in summaryOf(new CommitHead(head, Branch))) summary[key] = value;
        var snapshot = TableMetadataWriter.Seal(new LakeSnapshot(SnapshotId, parent?.SnapshotId, sequence, DateTimeOffset.FromUnixTimeMilliseconds(now), Operation, summary, head.CurrentSchemaId, manifestList));
        var next = head with { LastSequenceNumber = sequence, LastUpdatedMs = now, Snapshots = [.. head.Snapshots, snapshot] };
        return Change.IsStaged ? next : next.WithRef(Branch, (head.Refs.GetValueOrDefault(Branch) ?? new SnapshotRef(SnapshotId, SnapshotRef.Branch)) with { SnapshotId = SnapshotId }, now);
    }

    protected virtual void DescribeOperation(Dictionary<string, string> summary) { }

    /// <summary>Removes what only a try that surely failed refers to.</summary>
    async ValueTask DeleteTriedAsync()
    {
        await Cleanup.DeleteQuietlyAsync(Table.Store, _triedKeys);
        _triedKeys.Clear();
    }

    /// <summary>Removes everything this commit wrote; only when it surely is not part of the table.</summary>
    public async ValueTask AbandonAsync()
    {
        await DeleteTriedAsync();
        await Written.DeleteAsync(Table.Store);
    }
}
