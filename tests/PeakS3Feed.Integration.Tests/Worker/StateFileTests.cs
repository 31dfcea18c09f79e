using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Integration.ExactlyOnce;

namespace PeakS3Feed.Integration.Worker;

/// <summary>A state directory that cannot be used, on real disks: each command says why, and what to do.</summary>
public sealed class StateFileTests
{
    [Fact]
    public async Task A_history_that_another_program_holds_is_waited_for_once()
    {
        using var store = await WorkerStore.WithFeedAsync();
        store.Put("in/a.csv", "id\n1\n");
        var started = Stopwatch.GetTimestamp();
        (await store.RunAsync("run", "orders")).Exits(0);
        var free = Stopwatch.GetElapsedTime(started); // how slow this machine is
        await using var other = new SqliteConnection($"Data Source={Path.Combine(store.Store, "state.db")};Pooling=False");
        await other.OpenAsync();
        await using var transaction = other.BeginTransaction(deferred: false);
        var began = Stopwatch.GetTimestamp();

        var result = (await store.RunAsync("run", "orders")).Exits(3);

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(50) + (10 * free));
        Assert.Contains("Another program has locked the run history", result.Error, StringComparison.Ordinal);
        Assert.Contains("Close the program that locks it", result.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_full_disk_is_named_and_the_next_run_goes_on()
    {
        using var store = await OnSmallDiskAsync();
        FillDisk(store.Disk.Path);
        store.Store.Put("in/b.csv", "id\n2\n");

        var result = (await store.Store.RunAsync("run", "orders")).Exits(1);

        Assert.Matches("error: The disk of the run history [^ ]+state.db is full", result.Error.ReplaceLineEndings(" "));
        Assert.DoesNotContain("is unexpected", result.Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(store.Disk.Path, "filler"));
        (await store.Store.RunAsync("run", "orders")).Exits(0);
        Assert.Equal(2, store.Store.Number("SELECT count(*) FROM orders"));
    }

    [SkippableTheory]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("run", "orders")]
    [InlineData("set", "orders", "enabled=false")]
    [InlineData("reset", "orders", "--yes")]
    public async Task A_read_only_store_is_named(params string[] command)
    {
        using var store = await OnSmallDiskAsync();
        store.Disk.MakeReadOnly();
        store.Store.Put("in/b.csv", "id\n2\n");

        var result = await store.Store.RunAsync(command);

        Assert.Equal(1, result.ExitCode);
        var said = result.Error.ReplaceLineEndings(" ");
        Assert.StartsWith("error: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("is unexpected", said, StringComparison.Ordinal);
        Assert.Contains(store.Store.Store, said, StringComparison.Ordinal);
    }

    private static async Task<OnDisk> OnSmallDiskAsync()
    {
        var store = new WorkerStore();
        var disk = SmallDisk.Mount(store.Store, 2);
        Directory.CreateDirectory(Path.Combine(store.Bucket, "in"));
        (await store.RunAsync(["import", "-"], store.Document("""{ "name": "orders", "connectionName": "lake", "path": "in/", "fileType": "Csv" }"""))).Exits(0);
        store.Put("in/a.csv", "id\n1\n");
        (await store.RunAsync("run", "orders")).Exits(0);
        return new OnDisk(store, disk);
    }

    private static void FillDisk(string folder)
    {
        using var filler = new FileStream(Path.Combine(folder, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // No room is left, as it should be.
        }
    }

    private sealed class OnDisk(WorkerStore store, SmallDisk disk) : IDisposable
    {
        public WorkerStore Store => store;

        public SmallDisk Disk => disk;

        public void Dispose()
        {
            disk.Dispose();
            store.Dispose();
        }
    }
}
