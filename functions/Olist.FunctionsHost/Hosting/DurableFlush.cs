namespace Olist.FunctionsHost.Hosting;

/// <summary>When a durable step counts as written.</summary>
public enum DurableFlush
{
    /// <summary>On the disk: survives loss of power.</summary>
    Disk = 0,

    /// <summary>With the operating system: survives the death of the process.</summary>
    OperatingSystem = 1,
}
