using System.Globalization;
using System.Text.Json;
using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>Each golden table has the feature that it is there for: one that is made again cannot lose it unnoticed.</summary>
public sealed class GoldenFeatureTests
{
    [Theory]
    [InlineData("append", 1, 2)]
    [InlineData("all-types", 1, 2)]
    [InlineData("timestamp-ntz", 3, 7)]
    [InlineData("protocol-upgrade", 3, 7)]
    public void It_has_the_protocol(string name, int reader, int writer)
    {
        var protocol = Assert.Single(Actions(name, "protocol").TakeLast(1));
        Assert.Equal((reader, writer), (protocol.GetProperty("minReaderVersion").GetInt32(), protocol.GetProperty("minWriterVersion").GetInt32()));
        Assert.Equal(reader == 3, protocol.TryGetProperty("readerFeatures", out _));
    }

    [Fact]
    public void The_protocol_of_a_table_grows_with_its_schema_and_its_id_stays()
    {
        Assert.Equal([1, 3], Actions("protocol-upgrade", "protocol").Select(p => p.GetProperty("minReaderVersion").GetInt32()));
        Assert.Equal(3, Actions("schema-growth", "metaData").Count);
        Assert.All(
            (string[])["schema-growth", "protocol-upgrade"],
            n => Assert.Single(Actions(n, "metaData").Select(m => m.GetProperty("id").GetString()).Distinct()));
    }

    // How many files the commits add and remove, from version 0.
    [Theory]
    [InlineData("append", "+1 +1 +1 +1")]
    [InlineData("replace", "+1 +1-1")]
    [InlineData("upsert", "+1 +1 +2-1")]
    [InlineData("changed-object", "+1 +1 +1-1")]
    [InlineData("optimize", "+1 +1 +1 +1 +1-4")]
    [InlineData("reset", "+1 ")]
    public void Its_commits_add_and_remove_files(string name, string expected)
    {
        var commits = Entries(name).Select(e => (Adds: Actions([e], "add").Count, Removes: Actions([e], "remove").Count));
        Assert.Equal(expected, string.Join(' ', commits.Select(c => (c.Adds == 0 ? "" : $"+{c.Adds}") + (c.Removes == 0 ? "" : $"-{c.Removes}"))));
    }

    [Fact]
    public void A_compaction_changes_no_rows_and_a_reset_only_the_progress_of_the_feed()
    {
        var compaction = Entries("optimize")[^1];
        Assert.All(Actions([compaction], "add").Concat(Actions([compaction], "remove")), a => Assert.False(a.GetProperty("dataChange").GetBoolean()));
        Assert.Equal(
            ["commitInfo", "txn"], File.ReadLines(Entries("reset")[^1]).Select(l => JsonDocument.Parse(l).RootElement.EnumerateObject().Single().Name));
    }

    [Fact]
    public void Updated_rows_keep_when_they_were_created()
    {
        var rows = Expected("upsert").GetProperty("rows").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetInt64());
        Assert.Equal(
            ["Ann", "Bob", "Cy", "Dina", "Zoe", "Yan"], ((long[])[1, 2, 3, 4, 101, 102]).Select(i => rows[i].GetProperty("name").GetString()));
        Assert.Equal(Created(1), Created(2));
        Assert.NotEqual(Created(2), Created(4));
        Assert.NotEqual(Created(2), rows[2].GetProperty("peakauditupdatedat").GetString());

        string? Created(long id) => rows[id].GetProperty("peakauditcreatedat").GetString();
    }

    [Fact]
    public void Two_feeds_have_their_own_progress()
        => Assert.Equal([1, 2], Expected("two-feeds").GetProperty("transactions").EnumerateObject().Select(t => t.Value.GetInt32()).Order());

    // The checkpoint of a log that is cleaned is all that is left of the older versions.
    [Theory]
    [InlineData("checkpoint", 0)]
    [InlineData("log-clean-up", 10)]
    public void It_has_checkpoints_and_the_entries_that_are_not_too_old(string name, int first)
    {
        Assert.Equal(
            Enumerable.Range(first, 23 - first),
            Entries(name).Select(e => int.Parse(Path.GetFileNameWithoutExtension(e), CultureInfo.InvariantCulture)));
        Assert.Equal(
            ["00000000000000000010.checkpoint.parquet", "00000000000000000020.checkpoint.parquet"],
            Directory.GetFiles(LogOf(name), "*.parquet").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(LogOf(name), "_last_checkpoint")));
    }

    // Removed files are named until they are seven days old: each of the first ten commits but the first removes one.
    [Fact]
    public void A_checkpoint_has_the_removes_that_are_within_the_retention()
    {
        using var duck = new DuckDb();
        Assert.Equal([10L, 8L], ((int[])[10, 20]).Select(v => (long)duck.Value(
            $"SELECT count(*) FROM read_parquet('{LogOf("checkpoint")}/000000000000000000{v}.checkpoint.parquet') WHERE remove.path IS NOT NULL")!));
    }

    [Theory]
    [InlineData("append", "ZSTD")]
    [InlineData("snappy", "SNAPPY")]
    public void Its_files_have_the_codec(string name, string codec)
    {
        using var duck = new DuckDb();
        Assert.Equal(codec, duck.Value($"SELECT DISTINCT compression FROM parquet_metadata('{TableOf(name)}/*.parquet')"));
    }

    [Fact]
    public void Files_have_several_row_groups()
    {
        using var duck = new DuckDb();
        Assert.Equal(
            [1L, 4L, 4L],
            duck.Query($"SELECT num_row_groups FROM parquet_file_metadata('{TableOf("row-groups")}/*.parquet')")
                .Select(r => Convert.ToInt64(r[0], CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public void The_manifest_for_Spectrum_names_the_active_files_and_their_sizes()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(TableOf("spectrum-manifest"), "_spectrum_manifest", "manifest")));
        var listed = manifest.RootElement.GetProperty("entries").EnumerateArray()
            .Select(e => (
                e.GetProperty("url").GetString(), e.GetProperty("meta").GetProperty("content_length").GetInt64(),
                e.GetProperty("mandatory").GetBoolean()));
        var active = Expected("spectrum-manifest").GetProperty("files").EnumerateArray()
            .Select(f => ((string?)(GoldenTableFolder.Place + f.GetProperty("path").GetString()), f.GetProperty("size").GetInt64(), true)).ToList();
        Assert.Equal(2, active.Count);
        Assert.Equal(active.Order(), listed.Order());
    }

    [Fact]
    public void Values_of_partitions_are_NULL_or_need_no_folder_to_be_known()
    {
        var values = Expected("partition-text").GetProperty("files").EnumerateArray()
            .Select(f => f.GetProperty("partitionValues").GetProperty("country").GetString()).ToList();
        Assert.Equal(2, values.Count(v => v is null)); // one a commit: NULL and an empty text are one
        Assert.Superset(new HashSet<string?>(["with spaces", "50%", "50%25", "a/b", "a=b", "\U0001F600", "back\\slash"]), values.ToHashSet());
        var folders = Expected("partition-dates").GetProperty("files").EnumerateArray().Select(f => f.GetProperty("path").GetString()!);
        Assert.Contains(folders, f => f.StartsWith("at_year=1969/at_month=12/at_day=31/", StringComparison.Ordinal));
    }

    // 64 bytes at most, and whole characters.
    [Fact]
    public void A_text_that_is_too_long_for_a_bound_is_cut_as_the_minimum_and_left_out_as_the_maximum()
    {
        using var stats = JsonDocument.Parse(Assert.Single(Actions("all-types", "add")).GetProperty("stats").GetString()!);
        Assert.Equal("x" + new string('é', 31), stats.RootElement.GetProperty("minValues").GetProperty("long").GetString());
        Assert.False(stats.RootElement.GetProperty("maxValues").TryGetProperty("long", out _));
    }

    // No bound of a file may exclude its NaN or its infinities.
    [Fact]
    public void Files_with_special_doubles_have_the_bounds_that_hold()
    {
        var bounds = Actions("doubles", "add").TakeLast(4).ToDictionary(
            a => a.GetProperty("partitionValues").GetProperty("kind").GetString()!,
            a => JsonDocument.Parse(a.GetProperty("stats").GetString()!).RootElement);
        Assert.False(bounds["NaN"].GetProperty("minValues").TryGetProperty("real", out _));
        Assert.False(bounds["NaN"].GetProperty("maxValues").TryGetProperty("real", out _));
        Assert.False(bounds["infinite"].GetProperty("minValues").TryGetProperty("real", out _));
        Assert.False(bounds["infinite"].GetProperty("maxValues").TryGetProperty("real", out _));
        Assert.Equal("-0", bounds["zero"].GetProperty("minValues").GetProperty("real").GetRawText());
        Assert.Equal("0", bounds["zero"].GetProperty("maxValues").GetProperty("real").GetRawText());
        Assert.Equal(
            ["-0.0", "-Infinity", "0.0", "4.94E-322", "Infinity", "NaN"],
            Expected("doubles").GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("real")).Where(r => r.ValueKind != JsonValueKind.Null)
                .Select(r => r.ToString()).Where(t => t is not ("1.5" or "2.5" or "-2.5" or "-1E+300")).Order(StringComparer.Ordinal));
    }

    private static JsonElement Expected(string name)
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(name), GoldenTableFolder.Expected))).RootElement;

    private static List<JsonElement> Actions(string name, string kind) => Actions(Entries(name), kind);

    private static List<JsonElement> Actions(IEnumerable<string> entries, string kind)
    {
        var actions = new List<JsonElement>();
        foreach (var line in entries.SelectMany(File.ReadLines))
        {
            if (JsonDocument.Parse(line).RootElement.TryGetProperty(kind, out var action))
                actions.Add(action);
        }
        return actions;
    }

    private static string[] Entries(string name) => [.. Directory.GetFiles(LogOf(name), "*.json").Order(StringComparer.Ordinal)];

    private static string Folder(string name) => Repository.PathOf("tests/GoldenTables/" + name);

    private static string TableOf(string name) => Path.Combine(Folder(name), GoldenTableFolder.Table);

    private static string LogOf(string name) => Path.Combine(TableOf(name), "_delta_log");
}
