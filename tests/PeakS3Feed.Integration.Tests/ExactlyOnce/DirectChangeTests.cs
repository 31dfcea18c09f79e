using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Objects that change, answers that are lost and processes that are killed while the warehouse loads objects itself.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class DirectChangeTests
{
    private static readonly CommitStep[] Steps =
    [
        CommitStep.Claimed, CommitStep.Proved, CommitStep.Copied, CommitStep.Verified, CommitStep.Checked, CommitStep.Prepared,
        CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded,
    ];

    public static TheoryData<Way> AllWays => [.. Enum.GetValues<Way>()];

    public static TheoryData<Way, CommitStep> AllSteps
    {
        get
        {
            var all = new TheoryData<Way, CommitStep>();
            foreach (var way in Enum.GetValues<Way>())
            {
                foreach (var step in Steps)
                    all.Add(way, step);
            }
            return all;
        }
    }

    public static TheoryData<Way, TokenMode, bool> LostAnswers
    {
        get
        {
            var all = new TheoryData<Way, TokenMode, bool>();
            foreach (var way in (Way[])[Way.DataApi, Way.SqlApi])
            {
                foreach (var mode in Enum.GetValues<TokenMode>())
                {
                    all.Add(way, mode, true);
                    all.Add(way, mode, false);
                }
            }
            return all;
        }
    }

    // Same size, so that the manifest's length does not tell.
    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task An_object_that_changes_after_the_COPY_is_not_committed_and_the_next_run_loads_it(Way way)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);

        await scene.FailAsync("ObjectChanged", new AtStep(CommitStep.Copied, 1, () => scene.PutAsync("b.csv", "id,name\n9,Cy\n").Wait()));

        Assert.Empty(await scene.RowsAsync());
        Assert.Equal("Direct", await scene.LoadAsync());
        Assert.Equal(["1|Ann", "9|Cy"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task An_object_that_is_written_again_with_the_same_content_is_not_committed(Way way)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);
        var wait = TimeSpan.FromSeconds(1.1); // LastModified has whole seconds
        await scene.FailAsync("ObjectChanged", new AtStep(CommitStep.Copied, 1, () =>
        {
            Thread.Sleep(wait);
            scene.PutAsync("b.csv", "id,name\n2,Bo\n").Wait();
        }));
        Assert.Equal("Direct", await scene.LoadAsync());
        Assert.Equal(["1|Ann", "2|Bo"], await scene.RowsAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task An_object_that_is_deleted_after_the_COPY_is_not_committed(Way way)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);
        await scene.FailAsync("ObjectVanished", new AtStep(CommitStep.Copied, 1, () => scene.DeleteAsync("b.csv").Wait()));
        Assert.Empty(await scene.RowsAsync());
        await scene.LoadAsync();
        Assert.Equal(["1|Ann"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 1);
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task An_object_that_changes_before_its_first_bytes_are_read_is_staged_in_the_same_run(Way way)
    {
        await using var scene = await StartAsync(way, LoadPath.Auto);
        var path = await scene.LoadAsync(new AtStep(CommitStep.Claimed, 1, () => scene.PutAsync("b.csv", "id,name\n9,Cy\n").Wait()));
        Assert.Contains("was replaced after it was listed", path, StringComparison.Ordinal);
        Assert.Equal(["1|Ann", "9|Cy"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    [SkippableTheory]
    [MemberData(nameof(AllSteps))]
    [Trait(Category.Name, Category.Kill)]
    public async Task Every_row_is_there_once_after_a_kill_at(Way way, CommitStep step)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);
        using (var host = HostProcess.StartKilledAt(scene.Store, step))
        {
            var exit = await host.WaitAsync();
            Assert.True(exit.WasKilled, exit.ToString());
        }

        await scene.LoadAsync();

        Assert.Equal(["1|Ann", "2|Bo"], await scene.RowsAsync());
        await scene.PutAsync("c.csv", "id,name\n3,Cy\n");
        Assert.Equal("Direct", await scene.LoadAsync());
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], await scene.RowsAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    [Trait(Category.Name, Category.Kill)]
    public async Task Every_row_is_there_once_after_a_kill_during_the_COPY(Way way)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);
        scene.Database.Controls.Add(new("stall", "^COPY .*_rows", ControlAction.Stall));
        using var host = HostProcess.Start(scene.Store);
        await scene.Database.Controls.ReachedAsync("stall", CancellationToken.None).WaitAsync(TestLimits.Hang);
        Assert.True((await host.KillAsync()).WasKilled);
        scene.Database.Controls.Release("stall");

        Assert.Equal("Direct", await scene.LoadAsync());
        Assert.Equal(["1|Ann", "2|Bo"], await scene.RowsAsync());
    }

    [SkippableTheory]
    [InlineData("^COPY .*_rows", ControlAction.DropBefore)]
    [InlineData("^COPY .*_rows", ControlAction.DropAfter)]
    [InlineData("^COMMIT", ControlAction.DropBefore)]
    [InlineData("^COMMIT", ControlAction.DropAfter)]
    public async Task On_the_wire_a_lost_answer_loads_each_row_once(string statement, ControlAction action)
    {
        await using var scene = await StartAsync(Way.Wire, LoadPath.Direct);
        // COMMIT: of the COPY, and of the load.
        foreach (var skip in (int[])[0, 1])
        {
            await scene.PutAsync($"c{skip}.csv", $"id,name\n{skip + 3},Cy\n");
            Assert.Equal("Direct", await scene.LoadAsync(new AtStep(
                CommitStep.Proved, 1, () => scene.Database.Controls.Add(new("lost", statement, action, Skip: skip)))));
            scene.Database.Controls.Release("lost");
        }
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy", "4|Cy"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 4);
    }

    [SkippableTheory]
    [MemberData(nameof(LostAnswers))]
    public async Task Through_a_service_a_lost_answer_to_the_COPY_loads_each_row_once(Way way, TokenMode mode, bool arrives)
    {
        await using var scene = await StartAsync(way, LoadPath.Direct);
        scene.Database.Tokens = mode;
        var call = way == Way.DataApi ? "RedshiftData.BatchExecuteStatement" : "^SnowflakeApi.Submit COPY INTO";
        var action = arrives ? ControlAction.DropAfter : ControlAction.DropBefore;

        Assert.Equal("Direct", await scene.LoadAsync(new AtStep(
            CommitStep.Proved, 1, () => scene.Database.Controls.Add(new("lost", call, action, Times: 2)))));

        Assert.Equal(["1|Ann", "2|Bo"], await scene.RowsAsync());
        await scene.MustBeCleanAsync(objects: 2);
    }

    private static async Task<DirectScene> StartAsync(Way way, LoadPath path)
    {
        var scene = await DirectScene.StartAsync(way, path);
        await scene.PutAsync("a.csv", "id,name\n1,Ann\n");
        await scene.PutAsync("b.csv", "id,name\n2,Bo\n");
        return scene;
    }
}
