using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

/// <content>Definitions files of older and newer formats.</content>
public sealed partial class DefinitionStoreTests
{
    [Fact]
    public async Task A_newer_major_format_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        const string Text = """{"formatVersion":"3.0","connections":{}}""";
        await File.WriteAllTextAsync(_paths.DefinitionsFile, Text);
        var error = await Assert.ThrowsAsync<FeedException>(() => _store.ReadAsync());
        Assert.Equal("StoreTooNew", error.Id);
        Assert.Contains("3.0", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FeedException>(() => _store.UpdateAsync(d => d.With(Connection("one"))));
        Assert.Equal(Text, await File.ReadAllTextAsync(_paths.DefinitionsFile));
    }

    [Fact]
    public async Task Words_of_a_newer_minor_format_are_refused_but_not_set_aside()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, """{"formatVersion":"1.9","destinations":[{"kind":"Abacus","name":"a"}]}""");
        Assert.Equal("StoreTooNew", (await Assert.ThrowsAsync<FeedException>(() => _store.ReadAsync())).Id);
        Assert.True(File.Exists(_paths.DefinitionsFile));
    }

    [Theory]
    [InlineData("1.9")]
    [InlineData("2.1")]
    public async Task Words_of_any_newer_minor_format_are_refused(string version)
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, $$"""{"formatVersion":"{{version}}","destinations":[{"kind":"Abacus","name":"a"}]}""");
        Assert.Equal("StoreTooNew", (await Assert.ThrowsAsync<FeedException>(() => _store.ReadAsync())).Id);
    }

    [Fact]
    public async Task A_setting_that_older_programs_would_ignore_makes_them_refuse_the_file_while_a_feed_has_it()
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "one", Encoding = FileEncoding.Utf16 };
        await _store.UpdateAsync(d => d.With(Connection("one")).With(feed));
        Assert.Equal("2.0", (string?)(await FileAsync())["formatVersion"]);
        Assert.Equal(FileEncoding.Utf16, (await new DefinitionStore(_paths).ReadAsync()).Feeds.Single().Encoding);
        await _store.UpdateAsync(d => d.With(feed with { Encoding = FileEncoding.Utf8 }));
        Assert.Equal("1.2", (string?)(await FileAsync())["formatVersion"]);
    }

    [Fact]
    public async Task Unknown_members_of_a_newer_minor_format_stay_when_a_setting_raises_the_major_one()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, """{"formatVersion":"1.7","top":1}""");
        await _store.UpdateAsync(d => d.With(Connection("one")).With(new S3Feed { Name = "f", ConnectionName = "one", Encoding = FileEncoding.Latin1 }));
        var file = await FileAsync();
        Assert.Equal(("2.0", 1), ((string?)file["formatVersion"], (int)file["top"]!));
    }

    [Fact]
    public async Task An_older_format_is_migrated_and_written_in_the_new_one()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        await File.WriteAllTextAsync(_paths.DefinitionsFile, """{"formatVersion":"0.3","sources":[{"name":"one","bucketName":"acme"}],"other":1}""");
        var rename = new FormatMigration(new FormatVersion(0, 9), d =>
        {
            var sources = d["sources"];
            d.Remove("sources");
            d["connections"] = sources;
        });
        var store = new DefinitionStore(_paths, null, null, [rename]);
        Assert.Equal("one", (await store.ReadAsync()).Connections.Single().Name);
        await store.UpdateAsync(d => d.With(Connection("two")));
        var file = await FileAsync();
        Assert.Equal("1.2", (string?)file["formatVersion"]);
        Assert.Equal(2, file["connections"]!.AsArray().Count);
        Assert.Equal(1, (int)file["other"]!);
    }

    [Fact]
    public async Task Feeds_of_the_first_format_go_on_reading_commas()
    {
        Directory.CreateDirectory(_paths.ConfigDirectory);
        const string Id = "\"id\":\"6fa58aa0-e348-41e0-aed3-c58edfebad1";
        await File.WriteAllTextAsync(
            _paths.DefinitionsFile,
            $$$"""
            {"formatVersion":"1.1","feeds":[
              { {{{Id}}}0","name":"bare","connectionName":"c"},
              { {{{Id}}}1","name":"quoted","connectionName":"c","fileType":"Csv","csv":{"quote":"None"}},
              { {{{Id}}}2","name":"tabs","connectionName":"c","fileType":"csv","csv":{"separator":"Tab"}},
              { {{{Id}}}3","name":"auto","connectionName":"c","fileType":"Csv","csv":{"separator":"Auto"}},
              { {{{Id}}}4","name":"lines","connectionName":"c","fileType":"Ndjson","csv":{"separator":"Pipe"}}]}
            """);
        var feeds = (await _store.ReadAsync()).Feeds;
        Assert.Equal(
            [("auto", null, false), ("bare", ",", false), ("lines", ",", true), ("quoted", ",", false), ("tabs", "\t", false)],
            feeds.Select(f => (f.Name, f.Csv.Separator, f.Csv.IsSeparatorUnset)).Order());
        // And go on reading the first line end of a file alone.
        Assert.All(feeds, f => Assert.Equal(f.Name == "lines" ? CsvLineEndRule.Auto : CsvLineEndRule.First, f.Csv.LineEnd));
        await _store.UpdateAsync(d => d.With(Connection("two")));
        Assert.Equal(feeds.Select(f => f.Csv.LineEnd), (await _store.ReadAsync()).Feeds.Select(f => f.Csv.LineEnd));
        Assert.Equal(feeds.Select(f => f.Csv.IsSeparatorUnset), (await _store.ReadAsync()).Feeds.Select(f => f.Csv.IsSeparatorUnset));
        Assert.Equal("1.2", (string?)(await FileAsync())["formatVersion"]);
    }
}
