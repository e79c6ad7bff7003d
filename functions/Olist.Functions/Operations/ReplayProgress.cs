namespace Olist.Functions.Operations;

/// <summary>How far this process is with replaying its dataset into itself.</summary>
public sealed class ReplayProgress
{
    long _published, _total;
    volatile bool _publishing, _settled;

    /// <summary>Whether messages are still being published.</summary>
    public bool IsPublishing => _publishing;

    public long Published => Interlocked.Read(ref _published);

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Whether the batch layer should run now rather than on schedule: from the start until all that is in the log is in gold.</summary>
    public bool WantsBatch => !_settled;

    public void Start(long total)
    {
        Interlocked.Exchange(ref _total, total);
        _publishing = true;
    }

    public void Advance(long published) => Interlocked.Exchange(ref _published, published);

    public void Finish() => _publishing = false;

    /// <summary>Everything published has reached the gold tables.</summary>
    public void Settle() => _settled = true;
}
