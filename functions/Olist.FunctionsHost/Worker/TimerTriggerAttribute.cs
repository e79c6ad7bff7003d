using Olist.FunctionsHost.Worker.Extensions.Abstractions;

namespace Olist.FunctionsHost.Worker;

/// <summary>Runs the function on a schedule: NCRONTAB with six fields (five accepted), a <c>hh:mm:ss</c> interval, or <c>%SETTING%</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Keep the schedule on disk and catch up one missed run at start. Off by itself for schedules below a minute.</summary>
    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }
}
