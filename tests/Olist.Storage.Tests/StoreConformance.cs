using System.Text;

namespace Olist.Storage.Tests;

/// <summary>What every store promises; each implementation joins by saying how one is opened.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    protected IObjectStore Store { get; private set; } = null!; // set before every test

    /// <summary>A second client of the same objects, as another process would have.</summary>
    protected IObjectStore Other { get; private set; } = null!; // set before every test

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ValueTask<(IObjectStore Store, IObjectStore Other)> OpenAsync();

    public async ValueTask InitializeAsync() => (Store, Other) = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        (Store as IDisposable)?.Dispose();
        (Other as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in Other.ListAsync(prefix, Token)) keys.Add(info.Key);
        return keys;
    }

    [Fact]
    public async Task Put_is_read_back_and_replaces()
    {
        await Store.PutAsync("a/b.txt", Bytes("one"), Token);
        await Store.PutAsync("a/b.txt", Bytes("twenty"), Token);
        Assert.Equal("twenty", Encoding.UTF8.GetString(await Other.ReadAsync("a/b.txt", Token)));
        Assert.Equal(6, (await Other.FindAsync("a/b.txt", Token))?.Length);
    }

    [Fact]
    public async Task Replacing_again_and_again_with_contents_of_any_length_is_read_back()
    {
        foreach (var store in (IObjectStore[])[Store, Other, Store, Other])
            foreach (var text in (string[])["9", "10", "11", "12", "13", "100", "101", "7", "8", "", "14", new string('x', 100), new string('y', 100), "15", "16"])
            {
                await store.ReplaceAsync("t/hint", Encoding.UTF8.GetBytes(text), Token);
                Assert.Equal(text, Encoding.UTF8.GetString(await Other.ReadAsync("t/hint", Token)));
                await Store.ReplaceAsync("u/hint", Encoding.UTF8.GetBytes("u" + text), Token);
                Assert.Equal("u" + text, Encoding.UTF8.GetString(await Store.ReadAsync("u/hint", Token)));
            }
        Assert.Equal(["t/hint", "u/hint"], await KeysAsync(""));
        await Store.DeleteAsync("t/hint", Token);
        Assert.Null(await Store.FindAsync("t/hint", Token));
        await Other.ReplaceAsync("t/hint", "17"u8.ToArray(), Token);
        Assert.Equal("17"u8.ToArray(), await Store.ReadAsync("t/hint", Token));
    }

    [Fact]
    public async Task Writers_that_replace_one_object_at_the_same_time_leave_one_of_their_contents_whole()
    {
        const int Writers = 6, Times = 40;
        await Store.ReplaceAsync("hint", "00000000"u8.ToArray(), Token);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var time = 0; time < Times; time++)
                await (writer % 2 == 0 ? Store : Other).ReplaceAsync("hint", Encoding.UTF8.GetBytes(new string((char)('a' + writer), time % 5 == 0 ? 9 : 8)), Token);
        }, Token)).ToArray();
        var done = Task.WhenAll(writing);
        do
        {
            var read = Encoding.UTF8.GetString(await Store.ReadAsync("hint", Token));
            Assert.True(read.Length is 8 or 9 && read.Distinct().Count() == 1, read);
        }
        while (!done.IsCompleted);
        await done;
        var last = Encoding.UTF8.GetString(await Other.ReadAsync("hint", Token));
        Assert.True(last.Length == 8 && last.Distinct().Count() == 1 && last[0] is >= 'a' and < (char)('a' + Writers), last);
    }

    [Fact]
    public async Task What_is_written_in_a_group_is_there_at_once_and_stays_when_it_is_flushed()
    {
        var group = Store.BeginWrites();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => group.PutAsync($"group/{i % 3}/{i}", Bytes($"object {i}"), Token).AsTask()));
        await using (var writer = await group.OpenWriteAsync("group/streamed", Token))
        {
            await writer.WriteAsync(Bytes("in "), Token);
            await writer.WriteAsync(Bytes("pieces"), Token);
            await writer.CompleteAsync(Token);
        }
        Assert.Equal("in pieces", Encoding.UTF8.GetString(await Other.ReadAsync("group/streamed", Token)));
        // What is gone again need not be flushed, and does not stop the rest.
        await group.DeleteAsync("group/0/0", Token);
        await Other.DeleteAsync("group/1/1", Token);
        await group.PutAsync("group/1/1", Bytes("again"), Token);
        await group.FlushAsync(Token);
        await group.FlushAsync(Token);
        Assert.Equal(12, (await KeysAsync("group/")).Count);
        Assert.Equal("again", Encoding.UTF8.GetString(await Other.ReadAsync("group/1/1", Token)));
    }

    [Fact]
    public async Task A_group_of_many_objects_that_is_flushed_as_it_grows_is_there_whole()
    {
        const int Objects = 150; // more than are held open
        var group = Store.BeginWrites();
        for (var i = 0; i < Objects; i++)
        {
            await group.PutAsync($"many/{i:d3}", Bytes($"first {i}"), Token);
            if (i % 40 == 0) group.BeginFlush();
        }
        group.BeginFlush();
        await group.PutAsync("many/000", Bytes("second 0"), Token);
        await group.DeleteAsync("many/001", Token);
        Assert.True(await group.TryCreateAsync("refers/to-them", Bytes("all"), Token));
        Assert.False(await group.TryCreateAsync("refers/to-them", Bytes("again"), Token));
        Assert.Equal(Objects - 1, (await KeysAsync("many/")).Count);
        Assert.Equal("second 0", Encoding.UTF8.GetString(await Other.ReadAsync("many/000", Token)));
        Assert.Equal("first 149", Encoding.UTF8.GetString(await Other.ReadAsync("many/149", Token)));
        Assert.Equal("all", Encoding.UTF8.GetString(await Other.ReadAsync("refers/to-them", Token)));
    }

    [Fact]
    public async Task A_writer_of_a_group_that_is_not_completed_leaves_nothing()
    {
        var group = Store.BeginWrites();
        await using (var writer = await group.OpenWriteAsync("group/half", Token)) await writer.WriteAsync(Bytes("half"), Token);
        await group.FlushAsync(Token);
        Assert.Null(await Other.FindAsync("group/half", Token));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        await Store.PutAsync("empty", default, Token);
        Assert.Empty(await Other.ReadAsync("empty", Token));
        Assert.Equal(0, (await Other.FindAsync("empty", Token))?.Length);
    }

    [Fact]
    public async Task A_missing_object_is_found_as_null_read_as_an_error_and_deleted_in_peace()
    {
        Assert.Null(await Store.FindAsync("no/such", Token));
        var error = await Assert.ThrowsAsync<ObjectNotFoundException>(async () => await Store.ReadAsync("no/such", Token));
        Assert.Contains("no/such", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectNotFoundException>(async () => await Store.ReadAsync("no/such", 0, new byte[1], Token));
        await Store.DeleteAsync("no/such", Token);
    }

    [Fact]
    public async Task Create_refuses_a_name_that_is_taken_and_leaves_its_object_alone()
    {
        Assert.True(await Store.TryCreateAsync("v1", Bytes("mine"), Token));
        Assert.False(await Other.TryCreateAsync("v1", Bytes("yours"), Token));
        Assert.Equal("mine", Encoding.UTF8.GetString(await Other.ReadAsync("v1", Token)));
    }

    [Fact]
    public async Task Only_one_of_many_racing_creates_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = $"orders/v{round}.metadata.json";
            var wins = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
                await (writer % 2 == 0 ? Store : Other).TryCreateAsync(key, Bytes($"writer {writer}"), Token), Token)));
            Assert.Single(wins, won => won);
            Assert.Equal($"writer {Array.IndexOf(wins, true)}", Encoding.UTF8.GetString(await Store.ReadAsync(key, Token)));
        }
    }

    [Fact]
    public async Task Create_works_again_after_a_delete()
    {
        await Store.PutAsync("x", Bytes("1"), Token);
        await Other.DeleteAsync("x", Token);
        Assert.Null(await Store.FindAsync("x", Token));
        Assert.True(await Store.TryCreateAsync("x", Bytes("2"), Token));
    }

    [Fact]
    public async Task Ranges_are_exact_and_end_with_the_object()
    {
        await Store.PutAsync("digits", Bytes("0123456789"), Token);
        var middle = new byte[4];
        await Other.ReadAsync("digits", 3, middle, Token);
        Assert.Equal("3456", Encoding.UTF8.GetString(middle));
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await Other.ReadAsync("digits", 8, new byte[3], Token));
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await Other.ReadAsync("digits", 100, new byte[1], Token));
        await Other.ReadAsync("digits", 10, Memory<byte>.Empty, Token);
    }

    [Fact]
    public async Task A_written_stream_appears_only_when_completed()
    {
        await using (var writer = await Store.OpenWriteAsync("data/x.parquet", Token))
        {
            await writer.WriteAsync(Bytes("PAR1"), Token);
            Assert.Null(await Other.FindAsync("data/x.parquet", Token));
            Assert.Empty(await KeysAsync(""));
            Assert.Equal(4, writer.Position);
            await writer.CompleteAsync(Token);
        }
        Assert.Equal("PAR1", Encoding.UTF8.GetString(await Other.ReadAsync("data/x.parquet", Token)));
    }

    [Fact]
    public async Task A_stream_that_is_given_up_leaves_nothing()
    {
        await using (var writer = await Store.OpenWriteAsync("data/x.parquet", Token)) await writer.WriteAsync(new byte[100_000], Token);
        Assert.Null(await Other.FindAsync("data/x.parquet", Token));
        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task A_large_object_comes_back_byte_for_byte()
    {
        var random = new Random(20161004);
        var content = new byte[23_456_789];
        random.NextBytes(content);
        await using (var writer = await Store.OpenWriteAsync("large", Token))
        {
            for (var at = 0; at < content.Length;)
            {
                var count = Math.Min(content.Length - at, 1 + random.Next(3_000_000));
                await writer.WriteAsync(content.AsMemory(at, count), Token);
                at += count;
            }
            await writer.CompleteAsync(Token);
        }
        var whole = await Other.ReadAsync("large", Token);
        Assert.True(content.AsSpan().SequenceEqual(whole));
        var piece = new byte[1_000_000];
        await Other.ReadAsync("large", 12_345_678, piece, Token);
        Assert.True(content.AsSpan(12_345_678, piece.Length).SequenceEqual(piece));
    }

    [Fact]
    public async Task Listing_is_in_key_order_and_by_prefix()
    {
        string[] keys = ["a-b/1", "a.b", "a/b/c", "a/b/d", "a/b0", "a0", "b/a.b", "b/a/z"];
        foreach (var key in Enumerable.Reverse(keys)) await Store.PutAsync(key, Bytes(key), Token);
        Assert.Equal(keys, await KeysAsync(""));
        Assert.Equal(["a/b/c", "a/b/d", "a/b0"], await KeysAsync("a/b"));
        Assert.Equal(["a/b/c", "a/b/d"], await KeysAsync("a/b/"));
        Assert.Empty(await KeysAsync("none/"));
    }

    [Fact]
    public async Task Listing_goes_beyond_one_page()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_203), Token, async (i, token) => await Store.PutAsync($"many/{i:d5}", Bytes("x"), token));
        Assert.Equal(Enumerable.Range(0, 1_203).Select(i => $"many/{i:d5}"), await KeysAsync("many/"));
    }

    [Fact]
    public async Task Folders_are_the_next_level_only()
    {
        foreach (var key in (string[])["bronze/payment/metadata/v1", "bronze/review/data/x", "gold/fact/metadata/v1", "olist-lake.json"])
            await Store.PutAsync(key, Bytes("x"), Token);
        Assert.Equal(["bronze", "gold"], await FoldersAsync(""));
        Assert.Equal(["payment", "review"], await FoldersAsync("bronze/"));
        Assert.Empty(await FoldersAsync("silver/"));
    }

    async Task<List<string>> FoldersAsync(string folder)
    {
        var names = new List<string>();
        await foreach (var name in Other.ListFoldersAsync(folder, Token)) names.Add(name);
        return names;
    }

    [Theory]
    [InlineData("/a"), InlineData("a/"), InlineData("a//b"), InlineData("../a"), InlineData("a/../b"), InlineData("a/./b"), InlineData("a\\b"), InlineData("a\nb"), InlineData(".tmp/a")]
    public async Task A_key_that_is_no_plain_relative_path_is_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.PutAsync(key, Bytes("x"), Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.ReadAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.OpenWriteAsync(key, Token));
    }

    [Fact]
    public async Task Keys_with_spaces_percent_signs_and_letters_of_the_world_are_plain_names()
    {
        string[] keys = ["p/a b=1+2", "p/a%20b", "p/são_paulo"];
        foreach (var key in keys) await Store.PutAsync(key, Bytes(key), Token);
        foreach (var key in keys) Assert.Equal(key, Encoding.UTF8.GetString(await Other.ReadAsync(key, Token)));
        Assert.Equal(keys, await KeysAsync("p/"));
    }
}
