using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>A load that is staged as gzip CSV files, in a folder.</summary>
public sealed class CsvStageTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FolderStagingArea _area;

    public CsvStageTests() => _area = new FolderStagingArea(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_hold_the_rows_of_their_objects_and_say_how_many()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
        {
            await WriteAsync(lane, 0, Rows("a", "b"));
            await WriteAsync(lane, 1, Rows("c"), Rows("d"));
        }

        var load = await stage.FinishAsync(default);

        var part = Assert.Single(load.Parts);
        Assert.Equal((4, Rows().Schema.Columns.Count), (part.Rows, part.Schema.Columns.Count));
        Assert.Equal("0,0,a\n0,1,b\n1,0,c\n1,1,d\n", Read(part));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path(part)))), part.Checksum);
        Assert.Equal(new FileInfo(Path(part)).Length, part.Bytes);
    }

    [Fact]
    public async Task A_file_ends_at_its_size_and_lanes_write_files_of_their_own()
    {
        var stage = Stage(partBytes: 200_000);
        var random = new Random(7);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async number =>
        {
            await using var lane = stage.OpenLane();
            for (var o = number; o < 6; o += 2)
                await WriteAsync(lane, o, Noise(random), Noise(random));
        }));

        var load = await stage.FinishAsync(default);

        Assert.InRange(load.Parts.Count, 4, 40);
        Assert.Equal(6 * 2 * 2000, load.Rows);
        Assert.All(load.Parts, p => Assert.InRange(p.Bytes, 1, 600_000));
        var places = load.Parts.SelectMany(p => Read(p).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => string.Join(',', l.Split(',')[..2]));
        Assert.Equal(6 * 2 * 2000, places.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_file_has_the_same_columns_throughout()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
        {
            await WriteAsync(lane, 0, Rows("a"));
            await WriteAsync(lane, 1, Wide("b", "x"));
        }

        var load = await stage.FinishAsync(default);

        Assert.Equal([(1, "0,0,a\n"), (2, "1,0,b,x\n")], load.Parts.Select(p => (p.Schema.Columns.Count, Read(p))));
    }

    [Fact]
    public async Task What_is_undone_leaves_no_row_and_no_file()
    {
        var stage = Stage(partBytes: 1);
        await using (var lane = stage.OpenLane())
        {
            await WriteAsync(lane, 0, Rows("a"));
            await lane.BeginObjectAsync(Source(1), 1, undoable: true, default);
            await lane.WriteAsync(Rows("b"), default);
            await lane.WriteAsync(Rows("c"), default);
            await lane.UndoObjectAsync(default);
            await lane.BeginObjectAsync(Source(2), 2, undoable: true, default);
            await lane.WriteAsync(Rows("d"), default);
            await lane.EndObjectAsync(default);
        }

        var load = await stage.FinishAsync(default);

        Assert.Equal(["0,0,a\n", "2,0,d\n"], load.Parts.Select(Read));
        Assert.Equal(2, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task An_object_that_was_neither_ended_nor_undone_is_not_part_of_the_load()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
        {
            await lane.BeginObjectAsync(Source(0), 0, undoable: true, default);
            await lane.WriteAsync(Rows("a"), default);
        }

        Assert.Empty((await stage.FinishAsync(default)).Parts);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 5)]
    [InlineData(64, 1)]
    public async Task The_number_of_files_is_a_multiple_of_the_slices_where_each_has_enough(int slices, int files)
    {
        var stage = new CsvStage(_area, new LoadName(Guid.NewGuid(), 1), new CsvStageOptions("load/") { Slices = slices });
        var random = new Random(3);
        await using (var lane = stage.OpenLane())
        {
            for (var o = 0; o < 30; o++)
                await WriteAsync(lane, o, Noise(random));
        }

        var load = await stage.FinishAsync(default);

        Assert.Equal(files, load.Parts.Count);
        Assert.Equal(60_000, load.Rows);
        var places = load.Parts.SelectMany(p => Read(p).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => string.Join(',', l.Split(',')[..2]));
        Assert.Equal(60_000, places.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(load.Parts.Max(p => p.Rows) - load.Parts.Min(p => p.Rows), 0, 1);
        Assert.Equal(files, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData(4, new[] { 64, 64, 10 }, new[] { 2, 1, 1 })]
    [InlineData(8, new[] { 60, 20 }, new[] { 6, 2 })]
    [InlineData(3, new[] { 5, 5, 5 }, new[] { 1, 1, 1 })]
    [InlineData(16, new[] { 8, 7 }, new[] { 1, 1 })]
    [InlineData(2, new int[0], new int[0])]
    public void The_largest_files_are_split_first(int slices, int[] mebibytes, int[] pieces)
    {
        var parts = mebibytes.Select((m, i) => new WrittenPart($"{i}", new StagedPart($"{i}", m * 1024L * 1024, "", 1000, Rows().Schema), 0, 0));
        Assert.Equal(pieces, PartBalance.Find([.. parts], slices));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lane_that_was_cancelled_or_has_failed_completes_no_file(bool cancelled)
    {
        var stage = Stage();
        using var stop = new CancellationTokenSource();
        await using (var lane = stage.OpenLane())
        {
            await lane.BeginObjectAsync(Source(0), 0, undoable: false, stop.Token);
            await lane.WriteAsync(Rows("a"), stop.Token);
            if (cancelled)
                await stop.CancelAsync();
            else
                await Assert.ThrowsAsync<NullTokenInDataException>(() => lane.WriteAsync(Rows(stage.NullText), stop.Token));
        }

        Assert.Empty((await stage.FinishAsync(default)).Parts);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Refused_rows_are_taken_out_of_their_files_and_no_file_changes()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
        {
            await WriteAsync(lane, 0, Rows("a", "line\nbreak", "\"quoted\"", "d"));
            await WriteAsync(lane, 1, Wide("e", "x"));
            await WriteAsync(lane, 2, Wide("f", "y"));
        }
        var before = await stage.FinishAsync(default);

        var after = await stage.RemoveAsync([new(0, 1, "bad"), new(0, 3, "bad")], default);

        Assert.Equal([2L, 2L], after.Parts.Select(p => p.Rows).Order());
        Assert.Equal("0,0,a\n0,2,\"\"\"quoted\"\"\"\n", Read(after.Parts.Single(p => p.Schema.Columns.Count == 1)));
        Assert.Contains(before.Parts.Single(p => p.Schema.Columns.Count == 2), after.Parts);
        Assert.Empty(before.Parts.Where(p => p.Schema.Columns.Count == 1).Select(p => p.Uri).Intersect(after.Parts.Select(p => p.Uri), StringComparer.Ordinal));

        after = await stage.RemoveAsync([new(0, 0, "bad"), new(0, 2, "bad")], default);
        Assert.Equal(2, Assert.Single(after.Parts).Rows);
        Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_that_is_not_the_one_that_was_staged_is_not_rewritten()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
            await WriteAsync(lane, 0, Rows("a", "b"));
        var part = Assert.Single((await stage.FinishAsync(default)).Parts);
        await using (var file = File.Create(Path(part)))
        await using (var gzip = new GZipStream(file, CompressionMode.Compress))
            await gzip.WriteAsync("0,0,other\n0,1,b\n"u8.ToArray());

        await Assert.ThrowsAsync<InvalidDataException>(() => stage.RemoveAsync([new(0, 1, "bad")], default));
    }

    [Theory]
    [InlineData(StageEnd.Discarded, 1)]
    [InlineData(StageEnd.Committed, 1)]
    [InlineData(StageEnd.InDoubt, 2)]
    public async Task The_end_deletes_the_files_of_this_stage_unless_they_may_be_needed(StageEnd end, int left)
    {
        var other = Stage("other/");
        await using (var lane = other.OpenLane())
            await WriteAsync(lane, 0, Rows("z"));
        var stage = Stage();
        await using (var lane = stage.OpenLane())
            await WriteAsync(lane, 0, Rows("a"));

        await stage.CloseAsync(end);

        Assert.Equal(left, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_manifest_lists_each_file_once_with_its_size()
    {
        var stage = Stage();
        await using (var lane = stage.OpenLane())
            await WriteAsync(lane, 0, Rows("a"));
        var load = await stage.FinishAsync(default);

        await CopyManifest.WriteAsync(_area, "load/manifest", load.Parts, default);

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(System.IO.Path.Combine(_folder.Path, "load", "manifest")));
        var entry = Assert.Single(json.RootElement.GetProperty("entries").EnumerateArray());
        Assert.Equal((load.Parts[0].Uri, true), (entry.GetProperty("url").GetString(), entry.GetProperty("mandatory").GetBoolean()));
        Assert.Equal(load.Parts[0].Bytes, entry.GetProperty("meta").GetProperty("content_length").GetInt64());
        await Assert.ThrowsAsync<InvalidOperationException>(() => CopyManifest.WriteAsync(_area, "load/twice", [.. load.Parts, .. load.Parts], default));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    public void A_name_never_leaves_the_folder(string name) => Assert.Throws<ArgumentException>(() => _area.Create(name));

    private CsvStage Stage(string prefix = "load/", long partBytes = CsvStageOptions.DefaultPartBytes)
        => new(_area, new LoadName(Guid.NewGuid(), 1), new CsvStageOptions(prefix, partBytes));

    private static async Task WriteAsync(IRowSink lane, long ordinal, params RowBatch[] batches)
    {
        await lane.BeginObjectAsync(Source(ordinal), ordinal, undoable: false, default);
        foreach (var batch in batches)
            Assert.Empty(await lane.WriteAsync(batch, default));
        await lane.EndObjectAsync(default);
    }

    private static SourceObject Source(long ordinal) => new("bucket", $"{ordinal}.csv", "etag", 1, DateTimeOffset.UnixEpoch);

    private static RowBatch Rows(params string[] texts) => Fill(["t"], [.. texts.Select(t => new[] { t })]);

    private static RowBatch Wide(params string[] texts) => Fill(["t", "u"], texts);

    private static RowBatch Noise(Random random)
        => Rows([.. Enumerable.Range(0, 2000).Select(_ => Convert.ToBase64String(Enumerable.Range(0, 150).Select(_ => (byte)random.Next(256)).ToArray()))]);

    private static RowBatch Fill(string[] names, params string[][] rows)
    {
        var batch = new RowBatch(new FeedSchema(names.Select(n => new FeedColumn(n, n, ColumnType.Text))));
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                ((Utf8Vector)batch.Columns[i]).Append(Encoding.UTF8.GetBytes(row[i]));
            batch.CompleteRow();
        }
        return batch;
    }

    private string Path(StagedPart part) => new Uri(part.Uri).LocalPath;

    private string Read(StagedPart part)
    {
        using var file = File.OpenRead(Path(part));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }
}
