namespace Olist.FunctionsHost.Worker;

/// <summary>Last and next run of a timer, UTC.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }
    public DateTime Next { get; set; }
    public DateTime LastUpdated { get; set; }
}
