namespace Olist.Lake.Maintenance;

/// <summary>One try to compact the head of a table.</summary>
sealed class Compaction(LakeTable table, MaintenanceOptions options)
{
    public async ValueTask<CompactionResult> RunAsync(CancellationToken cancellationToken)
    {
        var metadata = table.Metadata;
        if (metadata.Current is not { } start) return new CompactionResult(table.Name);
        var schema = metadata.CurrentSchema;
        schema.RefuseNested(table.Name, "rewritten");
        var plan = await CompactionPlan.MakeAsync(table.Context, metadata, start, options, cancellationToken);
        var planned = Describe(plan);
        if (plan.IsEmpty || options.DryRun) return planned;
        var producer = new CompactionProducer(table.Context, plan);
        var snapshot = await table.CommitAsync(producer, validate: null, cancellationToken);
        return planned with
        {
            SnapshotId = snapshot.SnapshotId,
            DataFilesAfter = plan.Files.Data.Count - planned.FilesRewritten + producer.FilesWritten,
            ManifestsAfter = (await table.Context.ReadListAsync(snapshot, cancellationToken)).Count,
            FilesWritten = producer.FilesWritten,
            BytesWritten = producer.BytesWritten,
            RowsRewritten = producer.RowsWritten,
            RowsRemoved = plan.Rewritten.Sum(file => file.File.RecordCount) - producer.RowsWritten,
        };
    }

    CompactionResult Describe(CompactionPlan plan) => new(table.Name)
    {
        IsNeeded = !plan.IsEmpty,
        DataFilesBefore = plan.Files.Data.Count,
        DataFilesAfter = plan.Files.Data.Count - plan.Rewritten.Count() + plan.Bins.Count,
        DeleteFilesBefore = plan.Files.Deletes.Count,
        DeleteFilesAfter = plan.Files.Deletes.Count - plan.DroppedDeletes.Count,
        ManifestsBefore = plan.Manifests.Count,
        ManifestsAfter = plan.Manifests.Count,
        FilesRewritten = plan.Rewritten.Count(),
        BytesRewritten = plan.Rewritten.Sum(file => file.File.FileBytes),
    };
}
