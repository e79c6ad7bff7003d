namespace Olist.Streaming.Log;

/// <summary>What the opening of a log took off a file because its last write had not been completed.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="KeptBytes">Its length now.</param>
/// <param name="DroppedBytes">Bytes taken off.</param>
/// <param name="Reason">What was wrong at <paramref name="KeptBytes"/>.</param>
public sealed record RecoveredTail(string File, long KeptBytes, long DroppedBytes, string Reason);
