namespace Olist.Streaming.Log;

/// <summary>What a flush of the local log promises.</summary>
public enum Durability
{
    /// <summary>Written to the operating system: survives the end of the process, not that of the machine.</summary>
    Os,

    /// <summary>Synced to the disk as well; flushes that come at the same time share one sync. Readers see records only then.</summary>
    Disk,
}
