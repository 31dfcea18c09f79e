using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>
/// The golden tables in tests/GoldenTables: readers find in them what expected.json says, and today's code makes the same tables. The command
/// <c>bash tests/golden-tables</c> makes them.
/// </summary>
public sealed class GoldenTableTests
{
    private const long MaxBytes = 200_000;

    private static readonly string Folder = Repository.PathOf("tests/GoldenTables");
    private static readonly bool Writes = Environment.GetEnvironmentVariable("PEAKS3FEED_GOLDEN") == "1";

    public static TheoryData<string> Names => [.. GoldenTables.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void DuckDB_reads_what_is_expected(string name)
        => Assert.Equal(Expected(name), DuckDbTableReader.Read(TableOf(name)).ToJson());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_product_reads_what_is_expected(string name)
        => Assert.Equal(Expected(name), (await ProductTableReader.ReadAsync(TableOf(name))).ToJson());

    // As in GoldenFile: a difference is written if the variable asks for it, and fails all the same.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_table_that_is_made_now_is_the_same(string name)
    {
        using var table = await GoldenTables.MakeAsync(name);
        var made = DuckDbTableReader.Read(table.Table);
        Assert.Equal(made.ToJson(), (await ProductTableReader.ReadAsync(table.Table)).ToJson());
        var committed = File.Exists(PathOf(name)) ? DuckDbTableReader.Read(TableOf(name)) : null;
        var isCurrent = committed?.ToJson() == (committed is null ? null : Expected(name));
        if (Writes && (!isCurrent || committed?.ToComparableJson() != made.ToComparableJson()))
            GoldenTableFolder.Replace(Path.Combine(Folder, name), table.Table, made);

        Assert.Equal(committed?.ToComparableJson(), made.ToComparableJson());
        Assert.True(isCurrent, "expected.json is not what is in the table.");
    }

    [Theory]
    [InlineData("append")]
    [InlineData("checkpoint")]
    public void A_checkpoint_replays_to_what_the_entries_replay_to(string name)
        => Assert.Equal(Expected(name), DuckDbTableReader.Read(TableOf(name), useCheckpoint: false).ToJson());

    [Fact]
    public void There_are_no_others_and_each_is_small()
    {
        Assert.Equal(
            GoldenTables.Names.Order(StringComparer.Ordinal),
            Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(Folder), d => Assert.InRange(
            new DirectoryInfo(d).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length), 1, MaxBytes));
    }

    private static string TableOf(string name) => Path.Combine(Folder, name, GoldenTableFolder.Table);

    private static string PathOf(string name) => Path.Combine(Folder, name, GoldenTableFolder.Expected);

    private static string Expected(string name) => File.ReadAllText(PathOf(name)).ReplaceLineEndings("\n");
}
