namespace Olist.FunctionsHost.Durable.Replay;

/// <summary>Orders orchestration versions: as version numbers where both are, else as text; none comes first.</summary>
static class VersionOrder
{
    public static int Compare(string left, string right)
    {
        if (string.IsNullOrWhiteSpace(left) || string.IsNullOrWhiteSpace(right))
            return string.IsNullOrWhiteSpace(left) ? (string.IsNullOrWhiteSpace(right) ? 0 : -1) : 1;
        return Version.TryParse(left, out var leftVersion) && Version.TryParse(right, out var rightVersion)
            ? leftVersion.CompareTo(rightVersion)
            : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
    }
}
