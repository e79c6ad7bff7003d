using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;
using Olist.Streaming.SchemaRegistry;

namespace Olist.Pipeline.Speed.Tables;

/// <summary><c>stream.dim_user_location</c>: where customers and sellers are; users whose zip code has no valid location are left out until it has.</summary>
/// <remarks>
/// Kept in memory: where the zip codes are, and the users that wait for a location. Both are read from the topics at the first refresh.
/// What is known of zip codes may be ahead of the table, so it does not tell who has a row: a user waits until all that is known is in the table.
/// </remarks>
public sealed class StreamUserLocation(LakeTables lake, IEventLog log, ISchemaRegistry registry) : StreamTable(lake, log, registry)
{
    const string User = "olist_user", Geo = "geo_coord";
    static readonly string[] UserColumns = ["user_type", "user_id", "zip_code"];

    readonly TopicDirectory<int, (double Lat, double Lng)?> _places = new(rows =>
    {
        var (zip, lat, lng) = (rows.Ints("zip_code"), rows.Doubles("lat"), rows.Doubles("lng"));
        return row => (zip[row], lat.IsNull(row) || lng.IsNull(row) ? null : (lat[row], lng[row]));
    });
    readonly Dictionary<(string Type, string Id), int> _waiting = [];
    readonly Dictionary<int, long> _usersRead = [];

    protected override TableSpec Target => TableCatalog.StreamUserLocation;
    protected override IReadOnlyList<string> Topics { get; } = [User, Geo];

    private protected override async ValueTask<StepOutput> ComputeAsync(LakeTable table, TopicOffsets taken, IReadOnlyDictionary<string, TopicNews> news, CancellationToken cancellationToken)
    {
        if (_places.IsWithin(partition => taken.NextOf(Geo, partition))) ForgetLocated();
        await _places.CatchUpAsync(ReaderOf(Geo), cancellationToken);
        var (all, _, next, _) = await ReaderOf(User).ReadAsync(partition => _usersRead.GetValueOrDefault(partition), cancellationToken);
        foreach (var (partition, offset) in next) _usersRead[partition] = offset;
        KeepWaiting(all);

        var users = await AffectedAsync(table, news, cancellationToken);
        if (users.RowCount == 0) return new StepOutput(RowBatch.Empty(table.Columns));
        var rows = Located(table, users);
        if (table.Current is not { } head) return new StepOutput(rows);
        // A user who moved to a zip code without a location leaves the table.
        var (existing, positions) = await table.LookupAsync(head.SnapshotId, users.Select(Target.Key), null, cancellationToken);
        return Upsert.Replace(rows, existing, positions, Target.Key);
    }

    /// <summary>Users that were told now, and those at a zip code that was told now: in the table, or waiting for it.</summary>
    async ValueTask<RowBatch> AffectedAsync(LakeTable table, IReadOnlyDictionary<string, TopicNews> news, CancellationToken cancellationToken)
    {
        var parts = new List<RowBatch>();
        var told = news[User].Rows.Select(UserColumns);
        if (news[Geo].Rows.RowCount > 0)
        {
            var zips = Rows.DistinctKeys("zip_code", news[Geo].Rows["zip_code"]);
            if (table.Current is { } head) parts.Add((await table.LookupAsync(head.SnapshotId, zips, UserColumns, cancellationToken)).Rows);
            parts.Add(Waiting(told.Schema, zips));
        }
        parts.Add(told); // last, so that what was told now counts
        return Latest(RowBatch.Concat(told.Schema, parts), Target.Key);
    }

    void KeepWaiting(RowBatch users)
    {
        var (type, id, zip) = (users.Bytes("user_type"), users.Bytes("user_id"), users.Ints("zip_code"));
        for (var row = 0; row < users.RowCount; row++)
        {
            var user = (type.Find(row)!, id.Find(row)!);
            if (zip.IsNull(row)) _waiting.Remove(user);
            else _waiting[user] = zip[row];
        }
    }

    void ForgetLocated()
    {
        foreach (var (user, zip) in _waiting)
            if (_places.Find(zip) is not null) _waiting.Remove(user);
    }

    RowBatch Waiting(IReadOnlyList<ColumnSchema> schema, RowBatch zips)
    {
        var told = zips.Ints("zip_code").Values.AsSpan(0, zips.RowCount).ToArray().ToHashSet();
        var rows = new RowBatchBuilder(schema);
        foreach (var ((type, id), zip) in _waiting)
        {
            if (!told.Contains(zip)) continue;
            rows.Bytes(0).Append(type);
            rows.Bytes(1).Append(id);
            rows.Ints(2).Append(zip);
        }
        return rows.Build();
    }

    RowBatch Located(LakeTable table, RowBatch users)
    {
        var zip = users.Ints("zip_code");
        var located = Rows.Where(users.RowCount, row => !zip.IsNull(row) && _places.Find(zip[row]) is not null);
        var (lat, lng) = (new ValueBuilder<double>(DataType.Double, located.Length), new ValueBuilder<double>(DataType.Double, located.Length));
        foreach (var row in located)
        {
            var place = _places.Find(zip[row])!.Value;
            lat.Append(place.Lat);
            lng.Append(place.Lng);
        }
        return Rows.Of(table.Columns, [.. UserColumns.Select(name => (name, users[name].Gather(located))), ("lat", lat.Build()), ("lng", lng.Build())]);
    }
}
