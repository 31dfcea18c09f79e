using PeakS3Feed.Destinations.Delta;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>Which commits of others stop which work.</summary>
public sealed class DeltaConflictsTests
{
    private const string App = "peaks3feed-1";

    private static readonly DeltaWork Append = DeltaWork.Append(App);
    private static readonly DeltaWork Replace = DeltaWork.ReplaceAll(App);

    // Rewrites the file "old", read "kept", and looked for keys that files named "…hit" hold.
    private static readonly DeltaWork Upsert = new(
        App, new HashSet<string> { "old", "kept" }, add => add.Name.EndsWith("hit", StringComparison.Ordinal));

    public static TheoryData<string> All => new(nameof(Append), nameof(Replace), nameof(Upsert));

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_that_others_did_is_no_conflict(string work) => Assert.Equal(DeltaConflict.None, DeltaConflicts.Find(Work(work), []));

    [Theory]
    [MemberData(nameof(All))]
    public void Progress_of_the_same_application_overtakes_all_work(string work)
        => Assert.Equal(DeltaConflict.Overtaken, Find(work, Metadata, Remove("old"), new DeltaTransaction(App, 1)));

    [Theory]
    [MemberData(nameof(All))]
    public void Progress_of_other_applications_and_rows_that_they_add_are_no_conflict(string work)
        => Assert.Equal(DeltaConflict.None, Find(work, new DeltaTransaction("peaks3feed-2", 1), new DeltaCommitInfo("WRITE"), Add("miss")));

    [Theory]
    [MemberData(nameof(All))]
    public void Other_metadata_or_another_protocol_stops_all_work(string work)
    {
        Assert.Equal(DeltaConflict.MetadataChanged, Find(work, Remove("old"), Metadata));
        Assert.Equal(DeltaConflict.MetadataChanged, Find(work, Protocol));
    }

    [Fact]
    public void Files_of_others_stop_only_work_that_depends_on_them()
    {
        foreach (var removed in (string[])["old", "kept"])
        {
            Assert.Equal(DeltaConflict.FilesChanged, Find(nameof(Upsert), Remove(removed)));
            Assert.Equal(DeltaConflict.FilesChanged, Find(nameof(Upsert), Remove(removed) with { DataChange = false }, Add("compacted") with { DataChange = false }));
            Assert.Equal(DeltaConflict.FilesChanged, Find(nameof(Upsert), Add(removed) with { DataChange = false }));
            Assert.Equal(DeltaConflict.None, Find(nameof(Append), Remove(removed)));
            Assert.Equal(DeltaConflict.None, Find(nameof(Replace), Remove(removed)));
        }
        Assert.Equal(DeltaConflict.None, Find(nameof(Upsert), Remove("other")));
        Assert.Equal(DeltaConflict.FilesChanged, Find(nameof(Upsert), Add("hit")));
        Assert.Equal(DeltaConflict.None, Find(nameof(Append), Add("hit")));
        Assert.Equal(DeltaConflict.None, Find(nameof(Replace), Add("hit")));
    }

    [Fact]
    public void Each_of_several_commits_counts()
    {
        DeltaCommit[] commits = [new(7, [Add("miss")]), new(8, [Add("hit")]), new(9, [Add("miss2")])];
        Assert.Equal(DeltaConflict.FilesChanged, DeltaConflicts.Find(Upsert, commits));
        Assert.Equal(DeltaConflict.None, DeltaConflicts.Find(Upsert, [commits[0], commits[2]]));
    }

    private static DeltaConflict Find(string work, params DeltaAction[] actions) => DeltaConflicts.Find(Work(work), [new DeltaCommit(7, actions)]);

    private static DeltaWork Work(string name) => name switch
    {
        nameof(Append) => Append,
        nameof(Replace) => Replace,
        _ => Upsert,
    };
}
