namespace Olist.FunctionsHost.DurableTask;

/// <summary>Name of an orchestrator, activity or entity; equality ignores case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    readonly string? _name;

    public TaskName(string name) => _name = name;

    public string Name => _name ?? "";

    public static implicit operator string(TaskName value) => value.Name;
    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new TaskName(value);
    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);
    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);
    public override string ToString() => Name;
}
