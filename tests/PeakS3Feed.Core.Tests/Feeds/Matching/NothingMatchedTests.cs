using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Feeds.Matching;

/// <summary>A feed that matches nothing says what there is instead.</summary>
public sealed partial class NothingMatchedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public NothingMatchedTests() => _engine = new FeedEngine(StorePaths.Resolve(_folder["store"]));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Data/2026/a.csv", "data/2026/", "No key begins with data/2026/, but Data/2026/ exists.", "Data/2026/")]
    [InlineData("data/A/a.csv", "Data/a/", "No key begins with Data/a/, but data/A/ exists.", "data/A/")]
    [InlineData("incoming/orders/a.csv", "incoming/order/", "No key begins with incoming/order/, but incoming/orders/ exists.", "incoming/orders/")]
    [InlineData("incoming/a.csv", "incomign/", "No key begins with incomign/, but incoming/ exists.", "incoming/")]
    [InlineData("caf\u00e9/a.csv", "cafe\u0301/", "No key begins with cafe\u0301/, but caf\u00e9/ exists.", "caf\u00e9/")]
    [InlineData("in/orders.csv", "in/orders.csv/", "No key begins with in/orders.csv/, but there is an object in/orders.csv: a path is a folder.", "in/")]
    public async Task The_nearest_path_is_named_and_the_command_loads_it(string key, string path, string says, string right)
    {
        Put(key);
        Put("zz/b.csv");
        await MakeAsync(f => f with { Path = path });
        var warning = await WarnAsync();
        Assert.Equal($"Feed orders matches nothing. {says}", warning.Message);
        var remedy = Assert.Single(warning.Remedies);
        Assert.StartsWith($"Set-S3Feed -Name orders -Path {CommandText.PowerShell(right)}", remedy.Cmdlet, StringComparison.Ordinal);
        await TypeAsync(remedy.Shell!);
        Assert.Equal((RunStatus.Succeeded, 1L), ((await RunAsync()).Run.Status, (await _engine.Runs.ListAsync("orders", new RunFilter { Last = 1 }, default).FirstAsync()).RowsLoaded));
    }

    [Theory]
    [InlineData("2025/", "2026/")] // another year is no slip
    [InlineData("in/", "out/")]
    public async Task What_is_not_near_is_shown_and_not_suggested(string folder, string path)
    {
        Put(folder + "a.csv");
        await MakeAsync(f => f with { Path = path });
        var warning = await WarnAsync();
        Assert.Equal($"Feed orders matches nothing. No key begins with {path}. The bucket acme contains {folder}.", warning.Message);
        Assert.Empty(warning.Remedies);
        Assert.Contains("EmptyPath", warning.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_path_that_is_wrong_is_the_connections()
    {
        Put("Data/a.csv");
        await MakeAsync(f => f, rootPath: "data/");
        // On S3 a folder that holds nothing may be listed.
        await _engine.Store.UpdateAsync(d => d.With(d.GetConnection("lake") with { Status = ConnectionStatus.Verified }));
        var warning = await WarnAsync();
        var remedy = Assert.Single(warning.Remedies);
        Assert.Equal(("Set-S3Connection -Name lake -RootPath Data/", "peaks3feed set lake rootPath=Data/"), (remedy.Cmdlet, remedy.Shell));
        await TypeAsync(remedy.Shell!);
        Assert.Equal(1, (await RunAsync()).Run.RowsLoaded);
    }

    [Fact]
    public async Task A_near_path_where_nothing_matches_either_is_not_suggested()
    {
        Put("Data/a.parquet");
        await MakeAsync(f => f with { Path = "data/" });
        var warning = await WarnAsync();
        Assert.Equal("Feed orders matches nothing. No key begins with data/, but Data/ exists, where no name matches either.", warning.Message);
        Assert.Empty(warning.Remedies);
    }

    [Fact]
    public async Task Names_of_another_type_are_counted_and_the_type_is_suggested()
    {
        for (var i = 0; i < 10; i++)
            Put($"in/{i}.csv");
        Put("in/a.txt");
        Put("in/b.csv.gz.bak");
        await MakeAsync(f => f with { Path = "in/", FileType = FileType.Json });
        var warning = await WarnAsync();
        Assert.Equal("Feed orders matches nothing. 12 objects under in/: 10 end in .csv, 1 ends in .bak, 1 ends in .txt, none in .json. The file type Csv would match.", warning.Message);
        Assert.Equal("Set-S3Feed -Name orders -FileType Csv", Assert.Single(warning.Remedies).Cmdlet);
        await TypeAsync(warning.Remedies[0].Shell!);
        Assert.Equal(10, (await RunAsync()).Run.ObjectsLoaded);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("x.csv", "*.CSV", "*.csv")]
    [InlineData("x.CSV", "*.csv", "*.CSV")]
    [InlineData("x.Csv", "*.csv", "*.[cC][sS][vV]")]
    [InlineData("x.csv", "in/*.csv", "*.csv")]
    [InlineData("x.csv", "s3://acme/in/*.csv", "*.csv")]
    [InlineData("x.csv", "/*.csv", "*.csv")]
    [InlineData("2026/x.csv", "*.csv", "**/*.csv")]
    [InlineData("2026/x.csv", "*.CSV", "**/*.csv")]
    public async Task A_pattern_with_a_slip_is_set_right(string name, string pattern, string right)
    {
        Put("in/" + name);
        await MakeAsync(f => f with { Path = "in/", Include = [pattern] });
        var warning = await WarnAsync();
        Assert.Contains($"none matches {pattern}. The pattern {right} would match", warning.Message, StringComparison.Ordinal);
        Assert.Equal($"Set-S3Feed -Name orders -Include '{right}'", Assert.Single(warning.Remedies).Cmdlet);
        await TypeAsync(warning.Remedies[0].Shell!);
        Assert.Equal(1, (await RunAsync()).Run.RowsLoaded);
    }

    [Fact]
    public async Task An_unknown_ending_gets_a_pattern_and_a_binary_one_does_not()
    {
        Put("in/a.txt");
        Put("in/b.parquet");
        Put("in/c.parquet");
        await MakeAsync(f => f with { Path = "in/" });
        var warning = await WarnAsync();
        Assert.Equal("Set-S3Feed -Name orders -Include '**/*.txt'", Assert.Single(warning.Remedies).Cmdlet);
        File.Delete(_folder["bucket/in/a.txt"]);
        Assert.Empty((await WarnAsync()).Remedies);
    }

    [Fact]
    public async Task What_is_left_out_for_other_reasons_is_counted()
    {
        Put("in/a.csv");
        Put("in/b.csv", "");
        await MakeAsync(f => f with { Path = "in/", Exclude = ["a.*"] });
        Assert.Equal("Feed orders matches nothing. 2 objects under in/: 1 matches Exclude, 1 is empty.", (await WarnAsync()).Message);
        await _engine.Definitions.EditFeedAsync("orders", f => f with { Exclude = [], HistoricalDate = new DateOnly(2999, 1, 1) });
        Assert.Equal("Feed orders matches nothing. 2 objects under in/: 2 were modified before 2999-01-01.", (await WarnAsync()).Message);
    }

    [Fact]
    public async Task Fail_fails_and_Ignore_is_quiet()
    {
        Put("Data/a.csv");
        await MakeAsync(f => f with { Path = "data/", EmptyPath = EmptyPathAction.Fail });
        var failed = await RunAsync();
        Assert.Equal((RunStatus.Failed, "NothingMatched"), (failed.Run.Status, failed.Run.ErrorId));
        Assert.Contains("Data/ exists", failed.Error!.Message, StringComparison.Ordinal);
        Assert.Single(failed.FeedError!.Remedies);

        await _engine.Definitions.SetFeedAsync("orders", [KeyValuePair.Create("emptyPath", "Ignore")], default);
        var quiet = await RunAsync();
        Assert.Equal((RunStatus.NothingToDo, 0L), (quiet.Run.Status, quiet.Run.WarningCount));
    }

    [Fact]
    public async Task A_feed_that_has_loaded_is_quiet_when_its_files_are_gone()
    {
        Put("in/a.csv");
        await MakeAsync(f => f with { Path = "in/", EmptyPath = EmptyPathAction.Fail });
        Assert.Equal(RunStatus.Succeeded, (await RunAsync()).Run.Status);
        File.Delete(_folder["bucket/in/a.csv"]);
        var later = await RunAsync();
        Assert.Equal((RunStatus.NothingToDo, 0L), (later.Run.Status, later.Run.WarningCount));
    }

    [Fact]
    public async Task Plans_and_previews_explain_the_same()
    {
        Put("Data/a.csv");
        await MakeAsync(f => f with { Path = "data/" });
        using (var plan = await _engine.PlanAsync("orders", accessKey: null, default))
        {
            Assert.True(plan.MatchesNothing);
            Assert.Contains("Data/ exists", Assert.Single(plan.Warnings).Message, StringComparison.Ordinal);
            Assert.Contains("nothing matches", PlanText.Format(plan), StringComparison.Ordinal);
        }
        var preview = await Assert.ThrowsAsync<FeedException>(() => _engine.PreviewAsync("orders", 5, key: null, accessKey: null, default));
        Assert.Equal("PathNotFound", preview.Id);
        Assert.Contains("Data/ exists", preview.Message, StringComparison.Ordinal);
        Assert.Equal("Set-S3Feed -Name orders -Path Data/", Assert.Single(preview.Remedies).Cmdlet);

        await _engine.Definitions.SetFeedAsync("orders", [KeyValuePair.Create("path", "Data/"), KeyValuePair.Create("fileType", "Json")], default);
        var infer = await Assert.ThrowsAsync<FeedException>(() => _engine.InferAsync("orders", sampleAll: false, accessKey: null, default));
        Assert.Equal("NothingToSample", infer.Id);
        Assert.Contains("1 object under Data/: 1 ends in .csv, none in .json", infer.Message, StringComparison.Ordinal);
        Assert.Equal("Set-S3Feed -Name orders -FileType Csv", Assert.Single(infer.Remedies).Cmdlet);
    }

    [Fact]
    public async Task A_TruncateInsert_that_matches_nothing_any_more_is_not_told_to_empty_its_table()
    {
        Put("Data/a.csv");
        await MakeAsync(f => f with { Path = "Data/", LoadType = LoadType.TruncateInsert });
        Assert.Equal(RunStatus.Succeeded, (await RunAsync()).Run.Status);
        await _engine.Definitions.SetFeedAsync("orders", [KeyValuePair.Create("path", "data/")], default);
        var error = (await RunAsync()).FeedError!;
        Assert.Equal("WouldEmptyTable", error.Id);
        Assert.Contains("Data/ exists", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Remedies, r => r.Cmdlet.Contains("AllowEmpty", StringComparison.Ordinal));
        Assert.Equal("Set-S3Feed -Name orders -Path Data/", error.Remedies[0].Cmdlet);
    }

    [Theory]
    [InlineData("s3://acme/in/", "\"in/\"")]
    [InlineData("s3://acme/in", "\"in/\"")]
    [InlineData("S3://acme", "\"/\"")]
    [InlineData("s3a://acme/in/x/", "\"in/x/\"")]
    [InlineData("arn:aws:s3:::acme/in/", "\"in/\"")]
    [InlineData("https://acme.s3.eu-west-1.amazonaws.com/in/", "\"in/\"")]
    [InlineData("http://minio:9000/acme/in/", "\"in/\"")]
    [InlineData("s3://other/in/", "Use a connection to other, and the path \"in/\".")]
    [InlineData("/in/", "\"in/\"")]
    public async Task An_address_is_no_path_and_the_right_one_is_shown(string path, string shows)
    {
        await MakeAsync(f => f);
        foreach (var attempt in new Func<Task>[]
        {
            () => _engine.Definitions.AddAsync(new S3Feed { Name = "other", ConnectionName = "lake", Path = path }),
            () => _engine.Definitions.SetFeedAsync("orders", [KeyValuePair.Create("path", path)], default),
            () => _engine.InferAsync(new S3Feed { Name = "preview", ConnectionName = "lake", Path = path }, sampleAll: false, accessKey: null, default),
        })
        {
            var error = await Assert.ThrowsAsync<FeedException>(attempt);
            Assert.Contains(shows, error.Message + error.Hint, StringComparison.Ordinal);
        }
        var import = DefinitionImport.Read(
            System.Text.Encoding.UTF8.GetBytes($$"""{ "feeds": [ { "name": "f", "connectionName": "lake", "path": "{{path}}" } ] }"""), await _engine.Store.ReadAsync());
        Assert.Contains(shows, $"{import.Problems[0]} {import.Problems[0].Hint}", StringComparison.Ordinal);
        if (path == "/in/")
            return;
        var root = await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.AddAsync(new S3Connection { Name = "two", BucketName = "acme", Region = "eu-west-1", RootPath = path }));
        Assert.Contains(shows, root.Message + root.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_folder_of_the_bucket_refuses_is_not_reported()
    {
        Directory.CreateDirectory(_folder["bucket"]);
        var source = new DeniedAbove();
        var feed = new S3Feed { Name = "orders", ConnectionName = "lake", Path = "data/x/" };
        var finding = await new PeakS3Feed.Feeds.Matching.MatchAdvisor(source, feed, null, "data/x/").ExplainAsync(new PeakS3Feed.Feeds.Matching.MatchSurvey(), default);
        Assert.Equal("No key begins with data/x/.", finding.Text);
        Assert.Equal(["data/"], source.Asked);
    }
}
