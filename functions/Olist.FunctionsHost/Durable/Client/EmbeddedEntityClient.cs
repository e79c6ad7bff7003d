using System.Runtime.CompilerServices;
using Olist.FunctionsHost.Durable.Engine;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.DurableTask;
using Olist.FunctionsHost.DurableTask.Client;
using Olist.FunctionsHost.DurableTask.Client.Entities;
using Olist.FunctionsHost.DurableTask.Entities;

namespace Olist.FunctionsHost.Durable.Client;

/// <summary>The entity client of this host, straight on its engine.</summary>
sealed class EmbeddedEntityClient(DurableEngine engine, DataConverter converter, string name) : DurableEntityClient(name)
{
    /// <summary>Entities looked at by one call of <see cref="CleanEntityStorageAsync"/> that does not continue.</summary>
    const int CleanedAtOnce = 1000;

    readonly EntityData _data = new(converter);

    public override Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operationName);
        cancellation.ThrowIfCancellationRequested();
        return engine.SignalEntityAsync(id, operationName, _data.Serialize(input), options?.SignalTime);
    }

    public override async Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        await engine.ReadEntityAsync(id) is { State: not null } view ? Metadata(view, includeState) : null;

    public override async Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        await engine.ReadEntityAsync(id) is { State: not null } view ? Metadata<T>(view, includeState) : null;

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) => List(filter, Metadata);

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) => List(filter, Metadata<T>);

    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default)
    {
        var wanted = request ?? CleanEntityStorageRequest.Default;
        var place = EntityPlace.Parse(wanted.ContinuationToken);
        var (removed, released) = (0, 0);
        do
        {
            var page = await engine.ListEntitiesAsync(_ => true, null, place, CleanedAtOnce, cancellation);
            foreach (var view in page.Views)
            {
                if (wanted.ReleaseOrphanedLocks && view.LockedBy is not null && await engine.ReleaseOrphanedLockAsync(view.Id)) released++;
                if (wanted.RemoveEmptyEntities && view is { State: null, LockedBy: null, Backlog: 0 } && await engine.RemoveEntityAsync(view.Id)) removed++;
            }
            place = page.Next;
        }
        while (continueUntilComplete && place is not null);
        return new CleanEntityStorageResult { ContinuationToken = place?.ToString(), EmptyEntitiesRemoved = removed, OrphanedLocksReleased = released };
    }

    public static Func<EntityView, bool> Filter(EntityQuery query) => view =>
        (query.IncludeTransient || view.State is not null)
        && (query.LastModifiedFrom is not { } from || view.ModifiedAt >= from.UtcDateTime) && (query.LastModifiedTo is not { } to || view.ModifiedAt <= to.UtcDateTime);

    EntityMetadata Metadata(EntityView view, bool includeState) =>
        new(EntityInstanceId.FromString(view.Id), includeState && view.State is not null ? new SerializedData(EntityData.Text(view.State)!, converter) : null) // Not null.
        {
            LastModifiedTime = view.ModifiedAt,
            BacklogQueueSize = view.Backlog,
            LockedBy = view.LockedBy?.InstanceId,
        };

    EntityMetadata<T> Metadata<T>(EntityView view, bool includeState)
    {
        var id = EntityInstanceId.FromString(view.Id);
        return includeState && view.State is not null
            ? new EntityMetadata<T>(id, (T?)_data.Deserialize(view.State, typeof(T))) { LastModifiedTime = view.ModifiedAt, BacklogQueueSize = view.Backlog, LockedBy = view.LockedBy?.InstanceId }
            : new EntityMetadata<T>(id) { LastModifiedTime = view.ModifiedAt, BacklogQueueSize = view.Backlog, LockedBy = view.LockedBy?.InstanceId };
    }

    Pages<T> List<T>(EntityQuery? query, Func<EntityView, bool, T> metadata) where T : notnull
    {
        query ??= new EntityQuery();
        return new Pages<T>(async (after, count, cancellation) =>
        {
            var page = await engine.ListEntitiesAsync(Filter(query), query.InstanceIdStartsWith, EntityPlace.Parse(after), count, cancellation);
            return new Page<T>([.. page.Views.Select(view => metadata(view, query.IncludeState))], page.Next?.ToString());
        }, query.PageSize ?? EntityQuery.DefaultPageSize, query.ContinuationToken);
    }

    sealed class Pages<T>(Func<string?, int, CancellationToken, Task<Page<T>>> fetch, int pageSize, string? start) : AsyncPageable<T> where T : notnull
    {
        public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default)
        {
            var size = pageSizeHint ?? pageSize;
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(pageSizeHint));
            return IterateAsync(continuationToken ?? start, size);
        }

        async IAsyncEnumerable<Page<T>> IterateAsync(string? after, int size, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            do
            {
                var page = await fetch(after, size, cancellationToken);
                after = page.ContinuationToken;
                yield return page;
            }
            while (after is not null);
        }
    }
}
