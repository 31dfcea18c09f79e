using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Objects that the warehouse cannot load itself, although the definitions allow it: where the destination may choose, they are staged in the same
/// run. Otherwise the run fails, and nothing is loaded.
/// </summary>
[Trait(Category.Name, Category.Server)]
public sealed class DirectRefusalTests
{
    private static readonly Dictionary<string, (string Name, byte[] Content)[]> Objects = new(StringComparer.Ordinal)
    {
        ["its header is not that of"] = [("a.csv", Text("id,name\n1,Ann\n")), ("b.csv", Text("name,id\nBo,2\n"))],
        ["it begins with a byte order mark"] = [("a.csv", Text("\uFEFFid,name\n1,Ann\n"))],
        ["it lacks the field \"name\""] = [("a.csv", Text("id\n1\n"))],
        ["no column of the feed has the field \"Name\""] = [("a.csv", Text("id,Name\n1,Ann\n"))],
        ["its lines end with CR"] = [("a.csv", Text("id,name\r1,Ann\r"))],
        ["it is not compressed, and"] = [("a.csv", Pack("id,name\n1,Ann\n")), ("b.csv", Text("id,name\n2,Bo\n"))],
        ["column \"id\" has values that are not plain whole numbers"] = [("a.csv", Text("id,name\n1,Ann\n1.5,Bo\n"))],
        ["the warehouse refuses a row"] = [("a.csv", Text("id,name\n1,Ann\n2\n"))],
    };

    public static TheoryData<Way, string> AllObjects
    {
        get
        {
            var all = new TheoryData<Way, string>();
            foreach (var way in Enum.GetValues<Way>())
            {
                foreach (var reason in Objects.Keys)
                    all.Add(way, reason);
            }
            return all;
        }
    }

    public static TheoryData<Way> AllWays => [.. Enum.GetValues<Way>()];

    [SkippableTheory]
    [MemberData(nameof(AllObjects))]
    public async Task Objects_that_differ_are_not_loaded(Way way, string reason)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct);
        foreach (var (name, content) in Objects[reason])
            await scene.PutAsync(name, content);

        var run = await scene.Store.RunAsync();

        Assert.Contains(run.Run.ErrorId, (string?[])["DirectObjectDiffers", "DirectLoadDiffers", "DirectLoadRefused"]);
        Assert.Contains(reason.Replace("refuses a", "refused the", StringComparison.Ordinal), run.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("LoadPath", ((Errors.FeedException)run.Error).Hint, StringComparison.Ordinal);
        Assert.Empty(await scene.RowsAsync());
        Assert.Empty(await scene.Database.StagingTablesAsync());
        Assert.Empty(await scene.Database.StagedAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task Where_the_destination_may_choose_such_objects_are_staged(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        await scene.PutAsync("b.csv", "name,id\nBo,2\n");

        Assert.StartsWith("Staged, because s3://direct-source/", await scene.LoadAsync(), StringComparison.Ordinal);

        Assert.Equal(["1|Ann", "2|Bo"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_feed_that_needs_this_program_is_staged_or_an_error_that_names_each_reason(Way way)
    {
        static S3Feed Audited(S3Feed feed) => feed with { AuditColumns = AuditColumns.All, OnBadFile = BadFileAction.Skip };
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Auto, Audited);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        Assert.Equal("Staged, because the table has audit columns; the feed skips bad files", await scene.LoadAsync());

        await using var strict = await DirectScene.StartAsync(way, LoadPath.Direct, Audited);
        await strict.PutAsync("a.csv", "id,name\n1,Ann\n");
        var error = (Errors.FeedException)(await strict.FailAsync("DirectNotPossible")).Error!;
        Assert.Contains("because the table has audit columns; the feed skips bad files.", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Set AuditColumns to None. Set OnBadFile to Fail. Or set LoadPath", error.Hint, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task The_plan_shows_the_path_and_its_COPY(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Auto);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        using var plan = await scene.Store.Engine().PlanAsync(TestStore.FeedName, accessKey: null, CancellationToken.None);

        Assert.Equal("Direct", plan.Destinations[0].LoadPath?.ToString());
        Assert.Contains("  load path: Direct", PlanText.Format(plan), StringComparison.Ordinal);
        Assert.Contains(plan.Statements, s => s.Contains(way == Way.SqlApi ? "SKIP_HEADER = 1" : "IGNOREHEADER 1", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Statements, s => s.Contains("peaks3feed_object", StringComparison.OrdinalIgnoreCase));
    }

    [SkippableTheory]
    [InlineData(Way.Wire)]
    [InlineData(Way.DataApi)]
    public async Task Empty_values_are_not_taken_for_NULL_nor_NULL_for_them(Way way)
    {
        S3Feed Configure(S3Feed feed) => feed with { Csv = new CsvOptions { NullValues = [@"\N"] } };
        await using var scene = await DirectScene.StartAsync(way, configure: Configure);
        await scene.PutAsync("a.csv", "id,name\n1,\\N\n2,Bo\n");
        Assert.Equal("Direct", await scene.LoadAsync());
        await scene.PutAsync("b.csv", "id,name\n3,\"\"\n4,\n");

        Assert.Contains("column \"name\" has empty values", await scene.LoadAsync(), StringComparison.Ordinal);

        Assert.Equal(["1|∅", "2|Bo", "3|", "4|∅"], await scene.RowsAsync());
    }

    [SkippableTheory]
    [InlineData(Way.SqlApi)]
    public async Task Snowflake_tells_empty_values_from_NULL(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct, f => f with { Csv = new CsvOptions() });
        await scene.PutAsync("a.csv", "id,name\n3,\"\"\n4,\n\"\",x\n");
        await scene.LoadAsync();
        Assert.Equal(["3|", "4|∅", "∅|x"], await scene.RowsAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_column_that_must_not_be_NULL_refuses_it(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct, f => f with
        {
            Schema = new FeedSchema([new("id", "id", ColumnType.BigInt, 0, Nullable: false), new("name", "name", ColumnType.Text, 0, Nullable: false)]),
        });
        await scene.PutAsync("a.csv", "id,name\n1,x\n,y\n");
        var run = await scene.FailAsync("DirectLoadDiffers");
        Assert.Contains("column \"id\" must not be NULL", run.Error!.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Way.Wire)]
    [InlineData(Way.DataApi)]
    public async Task A_role_that_may_not_read_the_objects_leaves_them_to_this_program(Way way)
    {
        await using var scene = await DirectScene.StartAsync(way);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        scene.Database.Controls.Add(new(
            "denied", "^COPY .*IGNOREHEADER", TestServers.Control.ControlAction.Fail,
            Message: "S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 0,CanRetry 1"));

        Assert.Contains("Access Denied", await scene.LoadAsync(), StringComparison.Ordinal);

        Assert.Equal(["1|Ann"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 1);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Text(text));
        return packed.ToArray();
    }
}
