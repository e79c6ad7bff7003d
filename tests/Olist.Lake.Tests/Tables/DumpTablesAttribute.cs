using System.Collections.Concurrent;
using System.Reflection;
using Olist.Storage;
using Olist.Testing.Stores;
using Xunit.v3;

[assembly: Olist.Lake.Tests.Tables.DumpTables]

namespace Olist.Lake.Tests.Tables;

/// <summary>After every test of the assembly: the tables that it made are handed to the outside readers, as they are then.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class DumpTablesAttribute : BeforeAfterTestAttribute
{
    static readonly ConcurrentDictionary<string, List<TestLake>> Made = new(StringComparer.Ordinal);

    /// <summary>The running test has made this table. Says nothing when nobody wants to have it.</summary>
    internal static void Note(TestLake lake)
    {
        if (TableDump.Folder is null || TestContext.Current.Test is not { } test) return;
        var made = Made.GetOrAdd(test.UniqueID, _ => []);
        lock (made) made.Add(lake);
    }

    /// <summary>The running test's tables so far are not for the outside readers.</summary>
    internal static void LeaveOut(string why)
    {
        if (TestContext.Current.Test is { } test && Made.TryRemove(test.UniqueID, out _)) TableDump.Skip($"{TestContext.Current.TestClass?.TestClassSimpleName}.{TestContext.Current.TestMethod?.MethodName}", why);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (!Made.TryRemove(test.UniqueID, out var made)) return;
        var name = $"{methodUnderTest.DeclaringType?.Name}.{methodUnderTest.Name}";
        Task.Run(async () =>
        {
            foreach (var lake in made) await WriteAsync(lake, name);
        }).GetAwaiter().GetResult();
    }

    /// <summary>For a table in a folder that goes away before the test is over.</summary>
    internal static Task WriteNowAsync(TestLake lake) =>
        TableDump.Folder is null ? Task.CompletedTask : WriteAsync(lake, $"{TestContext.Current.TestClass?.TestClassSimpleName}.{TestContext.Current.TestMethod?.MethodName}");

    static async Task WriteAsync(TestLake lake, string name)
    {
        // As it really lies there: the test's faults are over.
        var store = lake.Store;
        while (store is FaultyStore faulty) store = faulty.Inner;
        if (store is LocalObjectStore { Folder: var folder } && !Directory.Exists(folder)) return; // written out by the test itself, before its folder went
        try
        {
            var catalog = await LakeCatalog.OpenExistingAsync(store, TimeProvider.System);
            foreach (var table in await catalog.ListTablesAsync()) await TableDump.WriteAsync(store, await catalog.GetTableAsync(table), name);
        }
        catch (LakeException e)
        {
            TableDump.Skip(name, $"{e.GetType().Name}: spoiled on purpose");
        }
    }
}
