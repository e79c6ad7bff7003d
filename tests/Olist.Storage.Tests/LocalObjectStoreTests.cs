using System.Text;
using Olist.Testing.Stores;

namespace Olist.Storage.Tests;

public sealed class LocalObjectStoreTests : StoreConformance
{
    readonly TemporaryFolder _folder = new();

    protected override ValueTask<(IObjectStore, IObjectStore)> OpenAsync() =>
        new((new LocalObjectStore(_folder.Path, Durability.Process), new LocalObjectStore(_folder.Path)));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void The_root_uri_is_the_path_with_a_scheme_and_nothing_escaped()
    {
        Assert.Equal("file:///data/olist lake/são", new LocalObjectStore("/data/olist lake/são/").RootUri);
        Assert.Throws<ArgumentException>(() => new LocalObjectStore("/data/what?"));
    }

    [Fact]
    public async Task Opening_and_reading_do_not_make_the_folder()
    {
        var missing = Path.Combine(_folder.Path, "none");
        var store = new LocalObjectStore(missing);
        Assert.Null(await store.FindAsync("x", Token));
        await foreach (var info in store.ListAsync("", Token)) Assert.Fail(info.Key);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task Temporary_files_of_a_crash_are_hidden_and_swept_when_they_are_old()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_folder.Path, ".tmp")).FullName;
        var old = Path.Combine(temporary, "old");
        var young = Path.Combine(temporary, "young");
        foreach (var file in (string[])[old, young]) await File.WriteAllTextAsync(file, "half", Token);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        var store = new LocalObjectStore(_folder.Path);
        await foreach (var info in store.ListAsync("", Token)) Assert.Fail(info.Key);
        await foreach (var name in store.ListFoldersAsync("", Token)) Assert.Fail(name);
        await store.PutAsync("x", new byte[1], Token);
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task Contents_of_one_length_that_replace_each_other_take_turns_in_two_files()
    {
        var store = new LocalObjectStore(_folder.Path);
        await store.ReplaceAsync("t/hint", "10"u8.ToArray(), Token);
        for (var version = 11; version < 40; version++)
        {
            // Another process goes on where this one ended.
            if (version % 10 == 0) store = new LocalObjectStore(_folder.Path);
            using var before = File.OpenHandle(Path.Combine(_folder.Path, "t/hint"));
            await store.ReplaceAsync("t/hint", Encoding.UTF8.GetBytes($"{version}"), Token);
            if (OperatingSystem.IsLinux()) Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, ".tmp")));
            // Who opened the object before it was replaced reads what it was.
            var content = new byte[2];
            Assert.Equal(2, RandomAccess.Read(before, content, 0));
            Assert.Equal($"{version - 1}", Encoding.UTF8.GetString(content));
        }
    }

    [Fact]
    public async Task A_resting_file_that_was_swept_is_made_again()
    {
        var store = new LocalObjectStore(_folder.Path);
        foreach (var text in (string[])["10", "11", "12"])
        {
            await store.ReplaceAsync("hint", Encoding.UTF8.GetBytes(text), Token);
            foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, ".tmp"))) File.Delete(file);
        }
        Directory.Delete(Path.Combine(_folder.Path, ".tmp"));
        await store.ReplaceAsync("hint", "13"u8.ToArray(), Token);
        Assert.Equal("13"u8.ToArray(), await store.ReadAsync("hint", Token));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task What_cannot_be_flushed_is_referred_to_by_nothing(bool isBegunBefore)
    {
        var group = new LocalObjectStore(_folder.Path).BeginWrites();
        await group.PutAsync("t/data/1", new byte[10], Token);
        await group.PutAsync("t/data/2", new byte[10], Token);
        // The names can't be made durable any more.
        Directory.Delete(Path.Combine(_folder.Path, "t/data"), recursive: true);
        if (isBegunBefore) group.BeginFlush();
        for (var attempt = 0; attempt < 3; attempt++)
            await Assert.ThrowsAsync<StoreException>(async () => await group.TryCreateAsync("t/metadata/v1", new byte[5], Token));
        await Assert.ThrowsAsync<StoreException>(async () => await group.FlushAsync(Token));
        Assert.Null(await group.FindAsync("t/metadata/v1", Token));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_is_made_as_other_programs_make_theirs()
    {
        if (OperatingSystem.IsWindows()) return;
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "other"), "x", Token);
        var store = new LocalObjectStore(_folder.Path);
        await store.PutAsync("own", new byte[1], Token);
        await store.BeginWrites().PutAsync("in-group", new byte[1], Token);
        var usual = File.GetUnixFileMode(Path.Combine(_folder.Path, "other"));
        foreach (var key in (string[])["own", "in-group"]) Assert.Equal(usual, File.GetUnixFileMode(Path.Combine(_folder.Path, key)));
    }

    [Fact]
    public async Task A_root_that_is_a_file_is_named_in_the_error()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "x", Token);
        var error = await Assert.ThrowsAsync<StoreException>(async () => await new LocalObjectStore(file).PutAsync("a", new byte[1], Token));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://"), InlineData("ftp://host/x"), InlineData("file://host/x"), InlineData(" ")]
    public void An_address_that_names_no_store_is_refused(string address) => Assert.Throws<ArgumentException>(() => ObjectStores.Open(address));

    [Fact]
    public void Addresses_choose_the_store()
    {
        Assert.Equal("/x/y z", Assert.IsType<LocalObjectStore>(ObjectStores.Open("file:///x/y z")).Folder);
        Assert.Equal("/x/y", Assert.IsType<LocalObjectStore>(ObjectStores.Open("/x/y/")).Folder);
        using var s3 = Assert.IsType<S3ObjectStore>(ObjectStores.Open("s3://wh/lake/", new S3Settings { Endpoint = new Uri("http://127.0.0.1:1"), AccessKey = "a", SecretKey = "b" }));
        Assert.Equal("s3://wh/lake", s3.RootUri);
    }
}

public sealed class MemoryObjectStoreTests : StoreConformance
{
    protected override ValueTask<(IObjectStore, IObjectStore)> OpenAsync()
    {
        var store = new MemoryObjectStore();
        return new((store, store));
    }
}

/// <summary>A faulty store without faults is a store.</summary>
public sealed class FaultyStoreTests : StoreConformance
{
    protected override ValueTask<(IObjectStore, IObjectStore)> OpenAsync()
    {
        var store = new MemoryObjectStore();
        return new((new FaultyStore(store), store));
    }

    [Fact]
    public async Task Faults_do_what_they_say()
    {
        var faulty = (FaultyStore)Store;
        faulty.Faults = call => call.Key switch { "before" => Fault.ErrorBefore, "lost" => Fault.LostAnswer, "torn" => Fault.TornPut, "late" => Fault.Late, "" => Fault.StaleList, "dead" => Fault.Dead, _ => Fault.None };
        await Assert.ThrowsAsync<StoreException>(async () => await Store.TryCreateAsync("before", new byte[4], Token));
        Assert.Null(await Other.FindAsync("before", Token));
        await Assert.ThrowsAsync<StoreOutcomeUnknownException>(async () => await Store.TryCreateAsync("lost", new byte[4], Token));
        Assert.Equal(4, (await Other.FindAsync("lost", Token))?.Length);
        await Assert.ThrowsAsync<StoreException>(async () => await Store.PutAsync("torn", new byte[4], Token));
        Assert.Equal(2, (await Other.FindAsync("torn", Token))?.Length);
        // Create-if-absent is whole or not at all, whatever happens to its caller.
        await Store.DeleteAsync("torn", Token);
        await Assert.ThrowsAsync<StoreException>(async () => await Store.TryCreateAsync("torn", new byte[4], Token));
        Assert.Null(await Other.FindAsync("torn", Token));

        faulty.LateBy = 2;
        await Assert.ThrowsAsync<StoreOutcomeUnknownException>(async () => await Store.PutAsync("late", new byte[4], Token));
        Assert.Null(await Store.FindAsync("other", Token));
        Assert.Null(await Other.FindAsync("late", Token));
        Assert.Null(await Store.FindAsync("other", Token));
        Assert.Equal(4, (await Other.FindAsync("late", Token))?.Length);

        // What was there before all of these changes: nothing.
        var listed = new List<string>();
        await foreach (var info in Store.ListAsync("", Token)) listed.Add(info.Key);
        Assert.Empty(listed);
        await foreach (var info in Other.ListAsync("", Token)) listed.Add(info.Key);
        Assert.Equal(["late", "lost"], listed);
        await Assert.ThrowsAsync<StoreException>(async () => await Store.PutAsync("dead", new byte[4], Token));
        await Assert.ThrowsAsync<StoreException>(async () => await Store.FindAsync("lost", Token));
    }
}
