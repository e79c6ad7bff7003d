namespace Olist.Streaming;

/// <summary>A topic as it is created.</summary>
/// <param name="Name">1 to 249 letters, digits, dots, dashes and underscores.</param>
/// <param name="Partitions">How many ordered sequences its keys are spread over; never changes.</param>
/// <param name="Compacted">Whether only the latest record of each key need be kept.</param>
public sealed record TopicSpec(string Name, int Partitions, bool Compacted = false);
