using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public sealed partial class DefinitionStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorePaths _paths;
    private readonly DefinitionStore _store;

    public DefinitionStoreTests()
    {
        _paths = StorePaths.Resolve(_folder["store"]);
        _store = new DefinitionStore(_paths);
    }

    public void Dispose() => _folder.Dispose();

    private static S3Connection Connection(string name) => new() { Name = name, BucketName = "acme" };

    private async Task<JsonNode> FileAsync() => JsonNode.Parse(await File.ReadAllTextAsync(_paths.DefinitionsFile))!;

    [Fact]
    public async Task Reading_a_store_that_was_never_written_makes_nothing()
    {
        Assert.Same(StoreDefinitions.Empty, await _store.ReadAsync());
        Assert.False(Directory.Exists(_paths.ConfigDirectory));
    }

    [Fact]
    public async Task Peeking_changes_nothing_and_never_fails()
    {
        Assert.Same(StoreDefinitions.Empty, await _store.PeekAsync());
        Assert.False(Directory.Exists(_paths.ConfigDirectory));

        await _store.UpdateAsync(d => d.With(Connection("one")));
        Assert.Equal("one", Assert.Single((await _store.PeekAsync()).Connections).Name);

        foreach (var text in new[] { "{", """{ "formatVersion": "99.0" }""" })
        {
            await File.WriteAllTextAsync(_paths.DefinitionsFile, text);
            var files = Directory.GetFiles(_paths.ConfigDirectory);
            Assert.Same(StoreDefinitions.Empty, await _store.PeekAsync());
            Assert.Equal(files, Directory.GetFiles(_paths.ConfigDirectory));
        }
    }

    [SkippableFact]
    public async Task Folder_and_files_are_their_owners_only()
    {
        Skip.If(OperatingSystem.IsWindows());
        await _store.UpdateAsync(d => d.With(Connection("one")));
        await _store.UpdateAsync(d => d.With(Connection("two")));
        Assert.Equal("700", UnixMode.Get(_paths.ConfigDirectory));
        Assert.All(Directory.GetFiles(_paths.ConfigDirectory), file => Assert.Equal("600", UnixMode.Get(file)));
        Assert.Equal(
            ["definitions.json", "definitions.json.bak", "definitions.lock", "definitions.lock.turn"],
            Directory.GetFiles(_paths.ConfigDirectory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_version_before_the_last_change_is_the_backup()
    {
        await _store.UpdateAsync(d => d.With(Connection("one")));
        var first = await File.ReadAllTextAsync(_paths.DefinitionsFile);
        await _store.UpdateAsync(d => d.With(Connection("two")));
        Assert.Equal(first, await File.ReadAllTextAsync(_paths.BackupFile));
        await _store.UpdateAsync(d => d);
        Assert.Equal(first, await File.ReadAllTextAsync(_paths.BackupFile));
    }

    [Fact]
    public async Task Unknown_members_survive_a_rewrite_at_every_level()
    {
        var id = Guid.NewGuid();
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, $$"""
            {
              "formatVersion": "1.7", "top": [1, {"a": null}],
              "connections": [{"name": "Demo", "bucketName": "acme", "colour": "red"}],
              "destinations": [{"kind": "Sqlite", "name": "w", "path": "w.db", "size": 1.50}],
              "feeds": [{"id": "{{id}}", "name": "orders", "connectionName": "demo", "mood": true, "csv": {"dialect": "x"},
                "schema": [{"name": "a", "field": "A", "type": "bigint", "note": "n"}, {"name": "b", "type": "decimal(38,2)", "note": "m"}]}],
              "sensors": [{"name": "t"}]
            }
            """);
        await _store.UpdateAsync(d => d
            .With(d.FindConnection("demo")! with { Name = "demo", Region = "eu-west-1" })
            .With(d.Destinations[0])
            .With(d.FindFeed(id)! with { Name = "renamed", Schema = new FeedSchema(d.FindFeed(id)!.Schema!.Columns.Reverse().Select(c => c with { Name = c.Name + "_x" })) }));
        var file = await FileAsync();
        Assert.Equal("1.7", (string?)file["formatVersion"]);
        Assert.Equal("[1,{\"a\":null}]", file["top"]!.ToJsonString());
        Assert.Equal("red", (string?)file["connections"]![0]!["colour"]);
        Assert.Equal("1.50", file["destinations"]![0]!["size"]!.ToJsonString());
        var feed = file["feeds"]![0]!;
        Assert.True((bool)feed["mood"]!);
        Assert.Equal("x", (string?)feed["csv"]!["dialect"]);
        Assert.Equal(["m", "n"], feed["schema"]!.AsArray().Select(c => (string?)c!["note"]));
        Assert.Equal("decimal(38,2)", (string?)feed["schema"]![0]!["type"]);
        Assert.Equal("t", (string?)file["sensors"]![0]!["name"]);
    }

    [Theory]
    [InlineData("{\n  \"connections\": [\n    {\"name\": \"one\",, }\n", "line 3")]
    [InlineData("", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("{\n\"connections\": {}\n}", "line 2")]
    [InlineData("{\"connections\": [{\"name\": 1, \"bucketName\": \"b\"}]}", "line 1, column 19")]
    [InlineData("{\"connections\": [null]}", "line 1, column 18")]
    [InlineData("{\"connections\": [],\n \"connections\": []}", "line 1")]
    [InlineData("{\n\"feeds\": [{\"name\": \"f\", \"connectionName\": \"c\"}]}", "line 2")]
    [InlineData("{\"formatVersion\": 1}", "line 1")]
    public async Task A_file_that_cannot_be_read_is_set_aside_and_nothing_starts_from_scratch(string text, string place)
    {
        await _store.UpdateAsync(d => d.With(Connection("one")));
        await _store.UpdateAsync(d => d.With(Connection("two")));
        await File.WriteAllTextAsync(_paths.DefinitionsFile, text);
        var told = new List<SetAsideFile>();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero));
        var store = new DefinitionStore(_paths, time, told.Add);

        var error = await Assert.ThrowsAsync<FeedException>(() => store.ReadAsync());
        Assert.Equal("StoreUnreadable", error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        var aside = _paths.DefinitionsFile + ".unreadable-20260506T070809Z";
        Assert.Contains(aside, error.Message, StringComparison.Ordinal);
        Assert.Contains(_paths.BackupFile + " (1 connection, ", error.Hint, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(aside));
        Assert.Equal(aside, Assert.Single(told).Path);

        // Writing is refused too, in this process and the next, with the same words.
        var again = await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(d => d.With(Connection("three"))));
        Assert.Equal(error.Message, again.Message);
        Assert.False(File.Exists(_paths.DefinitionsFile));
        Assert.Single(told);

        Assert.Equal("one", (await _store.RestoreBackupAsync()).Connections.Single().Name);
        Assert.Equal("one", (await _store.ReadAsync()).Connections.Single().Name);
    }

    [SkippableFact]
    public async Task The_remedy_that_the_error_names_works()
    {
        Skip.If(OperatingSystem.IsWindows());
        await _store.UpdateAsync(d => d.With(Connection("one")));
        await _store.UpdateAsync(d => d.With(Connection("two")));
        await File.WriteAllTextAsync(_paths.DefinitionsFile, "{");
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.ReadAsync());
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", error.Remedies[0].Shell!]);
        await shell.WaitForExitAsync();
        Assert.Equal("one", (await _store.ReadAsync()).Connections.Single().Name);
    }

    [Fact]
    public async Task Starting_from_nothing_has_to_be_asked_for()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, "nonsense");
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(d => d.With(Connection("one"))));
        Assert.Contains("no readable", error.Hint, StringComparison.Ordinal);
        await _store.StartEmptyAsync();
        Assert.Empty((await _store.ReadAsync()).Connections);
        await _store.UpdateAsync(d => d.With(Connection("one")));
        Assert.Single((await _store.StartEmptyAsync()).Connections);
    }

    [Fact]
    public async Task A_file_that_vanished_beside_its_backup_is_missed()
    {
        await _store.UpdateAsync(d => d.With(Connection("one")));
        await _store.UpdateAsync(d => d.With(Connection("two")));
        File.Delete(_paths.DefinitionsFile);
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(d => d.With(Connection("three"))));
        Assert.Equal("StoreUnreadable", error.Id);
        Assert.Contains("are missing", error.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, "\uFEFF{ /* by hand */ }");
        Assert.Empty((await _store.ReadAsync()).Connections);
    }

    [Fact]
    public async Task A_writer_waits_for_another_and_then_names_the_lock()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(5) };
        using (var held = PeakS3Feed.Files.FileLock.TryAcquire(_paths.DefinitionsLock))
        {
            Assert.NotNull(held);
            var update = new DefinitionStore(_paths, time).UpdateAsync(d => d.With(Connection("one")));
            while (!update.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1);
            }

            var error = await Assert.ThrowsAsync<FeedException>(() => update);
            Assert.Equal("StoreBusy", error.Id);
            Assert.Contains(_paths.DefinitionsLock, error.Message, StringComparison.Ordinal);
        }

        await _store.UpdateAsync(d => d.With(Connection("one")));
    }

    [Fact]
    public async Task Tasks_of_one_process_take_turns()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => new DefinitionStore(_paths).UpdateAsync(d => d.With(Connection($"c{i}"))))));
        Assert.Equal(20, (await _store.ReadAsync()).Connections.Count);
    }

    [Fact]
    public async Task The_local_destination_exists_and_is_not_written()
    {
        await _store.UpdateAsync(d => d.With(Connection("one")).With(new S3Feed { Name = "orders", ConnectionName = "one" }));
        Assert.Equal("local.db", Assert.IsType<SqliteDestination>((await _store.ReadAsync()).FindDestination("LOCAL")).Path);
        Assert.Empty((await FileAsync())["destinations"]!.AsArray());
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(d => d.With(StoreDefinitions.Local)));
        Assert.Equal("NameReserved", error.Id);
    }

    [Fact]
    public async Task What_does_not_hold_together_is_not_written()
    {
        var feed = new S3Feed { Name = "orders", ConnectionName = "one", DestinationNames = ["w"] };
        await RefusedAsync("ConnectionNotFound", d => d.With(feed));
        await _store.UpdateAsync(d => d.With(Connection("one")).With(new SqliteDestination { Name = "w", Path = "w.db" }).With(feed));
        await RefusedAsync("DestinationNotFound", d => d.With(feed with { DestinationNames = ["x"] }));
        await RefusedAsync("ConnectionInUse", d => d.WithoutConnection("ONE"));
        await RefusedAsync("DestinationInUse", d => d.WithoutDestination("w"));
        await RefusedAsync("NameInUse", d => d.With(new S3Feed { Name = "ORDERS", ConnectionName = "one" }));
        await RefusedAsync("NameInUse", d => d with { Connections = [.. d.Connections, Connection("One")] });
        await RefusedAsync("FeedIdInUse", d => d with { Feeds = [.. d.Feeds, feed with { Name = "other" }] });
        var secret = await RefusedAsync(
            "SecretReferenceInvalid", d => d.With(new PostgreSqlDestination { Name = "p", Host = "h", Database = "d", Password = "hunter2" }));
        Assert.DoesNotContain("hunter2", secret.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(_paths.DefinitionsFile), StringComparison.Ordinal);
    }

    private async Task<FeedException> RefusedAsync(string id, Func<StoreDefinitions, StoreDefinitions> update)
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(update));
        Assert.Equal(id, error.Id);
        return error;
    }
}
