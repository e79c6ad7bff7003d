namespace Olist.Streaming;

/// <summary>A name and bytes that go along with a record.</summary>
public sealed record RecordHeader(string Key, byte[] Value);
