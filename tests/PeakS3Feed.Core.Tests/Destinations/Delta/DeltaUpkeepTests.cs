using PeakS3Feed.Destinations.Delta;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>What a clean-up of the log and a vacuum may delete.</summary>
public sealed class DeltaUpkeepTests : IDisposable
{
    private readonly DeltaTable _table = new();

    [Fact]
    public async Task Old_entries_below_a_checkpoint_are_deleted_and_the_table_stays_readable()
    {
        await _table.CreateAsync();
        for (var version = 1; version <= 30; version++)
        {
            await _table.CommitAsync(version, Add($"{version}.parquet"));
            if (version % 10 == 0)
                await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        }
        var earlier = await _table.ReadAsync();
        // Up to version 25 older than 30 days, the rest younger.
        var now = _table.Time.GetUtcNow();
        for (var version = 0; version <= 30; version++)
            File.SetLastWriteTimeUtc(_table[DeltaLogNames.Entry(version)], (version <= 25 ? now.AddDays(-31) : now.AddDays(-29)).UtcDateTime);
        var files = await _table.FilesAsync();

        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);

        Assert.Equal(
            [
                .. Enumerable.Range(20, 11).Select(v => $"{v:D20}.json").Append($"{20:D20}.checkpoint.parquet").Append($"{30:D20}.checkpoint.parquet")
                    .Append("_last_checkpoint").Order(StringComparer.Ordinal),
            ],
            Directory.GetFiles(_table["_delta_log"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(files, await _table.FilesAsync());
        Assert.Equal(30, (await _table.ReadAsync(earlier)).Version);
        Assert.Contains(_table.Lines, l => l.Contains("21 files of the log below version 20", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("delta.logRetentionDuration", "interval 60 days")]
    [InlineData("delta.logRetentionDuration", "interval 1 month")]
    [InlineData("delta.enableExpiredLogCleanup", "false")]
    public async Task A_property_of_the_table_keeps_entries(string property, string value)
    {
        await _table.CommitAsync(
            0, Protocol, Metadata with { Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { [property] = value } });
        for (var version = 1; version <= 10; version++)
            await _table.CommitAsync(version, Add($"{version}.parquet"));
        Age(days: 31);
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        Assert.Equal(11, Directory.GetFiles(_table["_delta_log"], "*.json").Length);
    }

    [Fact]
    public async Task Without_a_checkpoint_below_the_retention_nothing_is_deleted()
    {
        await _table.CreateAsync();
        for (var version = 1; version <= 10; version++)
            await _table.CommitAsync(version, Add($"{version}.parquet"));
        Age(days: 31);
        File.SetLastWriteTimeUtc(_table[DeltaLogNames.Entry(9)], _table.Time.GetUtcNow().UtcDateTime);
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        Assert.Equal(11, Directory.GetFiles(_table["_delta_log"], "*.json").Length);
    }

    [Fact]
    public async Task Files_that_nobody_needs_are_found()
    {
        var now = _table.Time.GetUtcNow();
        await _table.CommitAsync(
            0, Protocol, Metadata with { PartitionColumns = ["_p"] }, Add("active.parquet", null, ("_p", "1")), Add("ö b/active.parquet", null, ("_p", "1")),
            Add("_p=1/active.parquet", null, ("_p", "1")), Add("removed-long-ago.parquet", null, ("_p", "1")), Add("removed-lately.parquet", null, ("_p", "1")));
        await _table.CommitAsync(
            1, Remove("removed-long-ago.parquet", now.AddDays(-8).ToUnixTimeMilliseconds()), Remove("removed-lately.parquet", now.AddDays(-6).ToUnixTimeMilliseconds()));
        string[] names =
        [
            "active.parquet", "ö b/active.parquet", "_p=1/active.parquet", "_p=1/orphan.parquet", "removed-long-ago.parquet", "removed-lately.parquet", "orphan.parquet",
            "x/y/orphan.parquet", "orphan.parquet.unfinished", "_peaks3feed/1/1.json", ".hidden/x.parquet", "_hidden.parquet", "x/_hidden/y.parquet", "young-orphan.parquet",
        ];
        foreach (var name in names)
        {
            await _table.Area.PutAsync(name, new byte[1], default);
            File.SetLastWriteTimeUtc(_table[name], now.AddDays(name.StartsWith("young", StringComparison.Ordinal) ? -6 : -9).UtcDateTime);
        }
        string[] expected = ["_p=1/orphan.parquet", "orphan.parquet", "orphan.parquet.unfinished", "removed-long-ago.parquet", "x/y/orphan.parquet"];

        Assert.Equal(expected, await UnreferencedAsync());
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        Assert.Equal(expected, await UnreferencedAsync());
        Assert.Empty(await _table.Log.FindUnreferencedAsync(await _table.ReadAsync(), now.AddDays(-10), default).ToListAsync());

        async Task<List<string>> UnreferencedAsync()
            => [.. (await _table.Log.FindUnreferencedAsync(await _table.ReadAsync(), now.AddDays(-7), default).Select(f => f.Name).ToListAsync()).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData("interval 0 hours", true)] // readers and loads of the last days may still need a file, whatever the property says
    [InlineData("interval 30 days", false)]
    public async Task A_vacuum_keeps_removed_files_for_a_week_and_as_long_as_the_table_says(string retention, bool deletes)
    {
        var now = _table.Time.GetUtcNow();
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.deletedFileRetentionDuration"] = retention };
        await _table.CommitAsync(0, Protocol, Metadata with { Configuration = configuration }, Add("old.parquet"), Add("late.parquet"));
        await _table.CommitAsync(
            1, Remove("old.parquet", now.AddDays(-8).ToUnixTimeMilliseconds()), Remove("late.parquet", now.AddMinutes(-1).ToUnixTimeMilliseconds()));
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        foreach (var name in (string[])["old.parquet", "late.parquet"])
        {
            await _table.Area.PutAsync(name, new byte[1], default);
            File.SetLastWriteTimeUtc(_table[name], now.AddDays(-20).UtcDateTime);
        }

        var found = await _table.Log.FindUnreferencedAsync(await _table.ReadAsync(), now.AddDays(-7), default).Select(f => f.Name).ToListAsync();

        Assert.Equal(deletes ? ["old.parquet"] : [], found);
    }

    [Fact]
    public async Task A_vacuum_keeps_an_active_file_whose_folder_is_listed_in_another_case()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, Add("p=DE/part-1.parquet"));
        await _table.Area.PutAsync("p=de/part-1.parquet", new byte[1], default); // as a disk that ignores case lists it
        File.SetLastWriteTimeUtc(_table["p=de/part-1.parquet"], _table.Time.GetUtcNow().AddDays(-20).UtcDateTime);

        Assert.Empty(await _table.Log.FindUnreferencedAsync(await _table.ReadAsync(), _table.Time.GetUtcNow().AddDays(-7), default).ToListAsync());
    }

    private void Age(int days)
    {
        foreach (var file in Directory.GetFiles(_table["_delta_log"]))
            File.SetLastWriteTimeUtc(file, _table.Time.GetUtcNow().AddDays(-days).UtcDateTime);
    }
}
