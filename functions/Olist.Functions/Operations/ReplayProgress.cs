namespace Olist.Functions.Operations;

/// <summary>How far this process is with replaying its dataset into itself.</summary>
public sealed class ReplayProgress
{
    long _published, _total;
    volatile bool _over, _settled;

    /// <summary>Whether nothing more will be published: all is in the log, or nothing was wanted.</summary>
    public bool IsOver => _over;

    public long Published => Interlocked.Read(ref _published);

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Whether the batch layer should run now rather than on schedule: from the start until all that is in the log is in gold.</summary>
    public bool WantsBatch => !_settled;

    public void Start(long total) => Interlocked.Exchange(ref _total, total);

    public void Advance(long published) => Interlocked.Exchange(ref _published, published);

    public void Finish() => _over = true;

    /// <summary>Everything published has reached the gold tables.</summary>
    public void Settle() => _settled = true;
}
