namespace Olist.FunctionsHost.Worker;

/// <summary>Why a timer function runs.</summary>
public class TimerInfo
{
    /// <summary>Null without the schedule monitor.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
