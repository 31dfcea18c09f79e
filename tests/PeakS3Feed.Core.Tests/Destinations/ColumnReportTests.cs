using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>What whole runs say of columns that come, go or change their spelling.</summary>
public sealed class ColumnReportTests
{
    [Fact]
    public async Task Another_spelling_overwrites_no_good_value()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        loading.Write("a.csv", "id,Email\n1,a@x\n2,b@x\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        loading.Write("b.csv", "id,email\n2,new@x\n");
        loading.Write("c.csv", "id,email\n3,c@x\n");
        var run = await loading.SucceedAsync();
        Assert.Equal(["1|a@x", "2|new@x", "3|c@x"], loading.Query("SELECT id, email FROM orders ORDER BY id"));
        var warning = Assert.Single(run.Warnings);
        Assert.Equal(("HeaderSpelling", 2L), (warning.Id, warning.Count));
        Assert.Equal("s3://bucket/b.csv", warning.Position!.ObjectUri);
        Assert.EndsWith("(2 files in all)", warning.Text, StringComparison.Ordinal);
        Assert.Equal(["id", "Email"], (await FeedAsync(loading)).Schema!.Columns.Select(c => c.Field));
    }

    [Fact]
    public async Task The_first_run_over_two_spellings_makes_one_column()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,Email\n1,a@x\n");
        loading.Write("b.csv", "id,email\n2,b@x\n");
        var run = await loading.SucceedAsync();
        Assert.Equal(["1|a@x", "2|b@x"], loading.Query("SELECT id, email FROM orders ORDER BY id"));
        Assert.Equal(("HeaderSpelling", 1L, "s3://bucket/a.csv"), Only(run));
    }

    [Fact]
    public async Task The_first_run_over_similar_names_names_both()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,Change\n1,5\n");
        loading.Write("b.csv", "id,Change %\n2,6\n");
        var warnings = (await loading.SucceedAsync()).Warnings;
        var similar = Assert.Single(warnings, w => w.Id == "SimilarField");
        Assert.Contains("\"Change\"", similar.Message, StringComparison.Ordinal);
        Assert.Contains("\"Change %\"", similar.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_one_of_two_spellings_says_where_its_values_go_from_now_on()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        loading.Write("a.csv", "id,Email,email\n1,a@x,b@x\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        loading.Write("b.csv", "id,email\n2,c@x\n");
        var run = await loading.SucceedAsync();
        Assert.Equal(["1|a@x|b@x", "2|∅|c@x"], loading.Query("SELECT id, email, email_2 FROM orders ORDER BY id"));
        Assert.Equal(["OneSpellingMissing", "ColumnMissing"], run.Warnings.Select(w => w.Id));
        Assert.StartsWith("The values of \"email\" go to column email_2.", run.Warnings[0].Message, StringComparison.Ordinal);
        loading.Write("c.csv", "id,email\n3,d@x\n");
        Assert.Equal(["OneSpellingMissing"], (await loading.SucceedAsync()).Warnings.Select(w => w.Id));
    }

    [Fact]
    public async Task The_preview_says_how_the_headers_are_read()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,Email\n1,a@x\n");
        loading.Write("b.csv", "id,email\n2,b@x\n");
        var engine = loading.Store.Engine();
        var before = await engine.PreviewAsync(TestStore.FeedName, 5, "a.csv", accessKey: null, default);
        Assert.Equal([[1L, "a@x"]], before.Rows);
        Assert.Equal("HeaderSpelling", Assert.Single(before.Warnings).Id);
        Assert.Equal("HeaderSpelling", Assert.Single((await engine.InferAsync(TestStore.FeedName, sampleAll: false, accessKey: null, default)).Warnings).Id);

        await loading.SucceedAsync();
        Assert.Equal("s3://bucket/a.csv", Assert.Single((await engine.PreviewAsync(TestStore.FeedName, 5, "a.csv", accessKey: null, default)).Warnings).Position!.ObjectUri);
        Assert.Empty((await engine.PreviewAsync(TestStore.FeedName, 5, "b.csv", accessKey: null, default)).Warnings);
    }

    [Fact]
    public async Task Added_columns_are_named_with_the_first_file_and_a_count()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        loading.Write("b.csv", "id,note\n2,b\n");
        loading.Write("c.csv", "id,note,Unit Price\n3,c,1.5\n");
        loading.Write("d.csv", "id,note,Unit Price\n4,d,\n");
        loading.Write("e.csv", "id,note,Unit Price\n");
        var run = await loading.SucceedAsync();
        Assert.Equal(("ColumnAdded", 2L, "s3://bucket/c.csv"), Only(run));
        Assert.Equal("Column unit_price (decimal(38,1)) was added for the field \"Unit Price\".", run.Warnings[0].Message);
        loading.Write("f.csv", "id,note,Unit Price\n5,e,2\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
    }

    [Fact]
    public async Task A_column_of_a_later_commit_counts_the_files_of_all_commits()
    {
        using var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,note,x\n2,b,1\n");
        loading.Write("c.csv", "id,note,x\n3,c,2\n");
        Assert.Equal(("ColumnAdded", 2L, "s3://bucket/b.csv"), Only(await loading.SucceedAsync()));
    }

    [Fact]
    public async Task A_file_that_is_the_first_to_lack_a_column_is_named()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note,seen\n1,a,x\n");
        loading.Write("b.csv", "id,note,seen\n2,b,y\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        Assert.Equal(["true", "true", "true"], await FlagsAsync(loading));

        loading.Write("c.csv", "id,note,seen\n3,c,\n"); // NULL in every row is there
        loading.Write("d.csv", "id,seen\n"); // no rows
        Assert.Empty((await loading.SucceedAsync()).Warnings);

        loading.Write("e.csv", "id,seen\n4,z\n");
        loading.Write("f.csv", "id,seen\n5,z\n");
        var run = await loading.SucceedAsync();
        Assert.Equal(("ColumnMissing", 2L, "s3://bucket/e.csv"), Only(run));
        Assert.Equal("The file has no field \"note\", which every earlier file had: column note is NULL in its rows.", run.Warnings[0].Message);
        Assert.Equal(["true", "false", "true"], await FlagsAsync(loading));

        loading.Write("g.csv", "id,seen\n6,z\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        Assert.Contains("\"inEveryFile\":false", loading.Single("SELECT schema_json FROM peaks3feed_lock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlike_files_of_a_first_run_say_what_the_second_lacks()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,a\n1,a\n");
        loading.Write("b.csv", "id,b\n2,b\n");
        Assert.Equal(("ColumnMissing", 1L, "s3://bucket/b.csv"), Only(await loading.SucceedAsync()));
        Assert.Equal(["true", "false", "false"], await FlagsAsync(loading));
    }

    [Fact]
    public async Task In_JSON_a_file_has_a_field_that_one_of_its_rows_has()
    {
        using var loading = await Loading.BeginAsync(f => f with { FileType = FileType.Ndjson });
        loading.Write("a.ndjson", "{\"id\":1,\"note\":\"a\"}\n");
        loading.Write("b.ndjson", "{\"id\":2}\n{\"id\":3,\"note\":null}\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        loading.Write("c.ndjson", "{\"id\":4}\n");
        Assert.Equal(("ColumnMissing", 1L, "s3://bucket/c.ndjson"), Only(await loading.SucceedAsync()));
    }

    [Fact]
    public async Task A_file_that_is_undone_says_nothing()
    {
        using var loading = await Loading.BeginAsync(f => f with { OnBadFile = BadFileAction.Skip });
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "Id,x\n" + string.Concat(Enumerable.Range(1, 30_000).Select(i => $"{i},1\n")) + "\"never closed");
        loading.Write("c.csv", "id,note\n3,c\n");
        var run = await loading.SucceedAsync();
        Assert.DoesNotContain(run.Warnings, w => w.Id is "ColumnAdded" or "ColumnMissing" or "HeaderSpelling");
        Assert.Equal(["true", "true"], await FlagsAsync(loading));
    }

    [Fact]
    public async Task A_feed_from_before_knows_nothing_of_earlier_files()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Execute("UPDATE peaks3feed_lock SET schema_json = replace(schema_json, ',\"inEveryFile\":true', '')");
        await loading.ChangeAsync(f => f with { Schema = f.Schema!.WithoutInEveryFile() });
        loading.Write("b.csv", "id\n2\n");
        Assert.Empty((await loading.SucceedAsync()).Warnings);
        Assert.Equal(["", "false"], await FlagsAsync(loading));
    }

    [Fact]
    public async Task The_ledger_restores_what_an_edit_of_the_schema_leaves_out()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { Schema = f.Schema!.WithoutInEveryFile() });
        loading.Write("b.csv", "id\n2\n");
        Assert.Equal(("ColumnMissing", 1L, "s3://bucket/b.csv"), Only(await loading.SucceedAsync()));
    }

    [Fact]
    public async Task An_unchanged_replacement_stays_nothing_to_do_when_a_column_becomes_optional()
    {
        using var loading = await Loading.BeginAsync(f => f with { LoadType = LoadType.TruncateInsert });
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.csv", "id\n2\n");
        Assert.Equal(("ColumnMissing", 1L, "s3://bucket/b.csv"), Only(await loading.SucceedAsync()));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    private static (string Id, long Count, string File) Only(S3FeedRun run)
    {
        var warning = Assert.Single(run.Warnings);
        return (warning.Id, warning.Count, warning.Position!.ObjectUri);
    }

    private static async Task<S3Feed> FeedAsync(Loading loading) => (await loading.Store.Engine().Store.ReadAsync()).GetFeed(TestStore.FeedName);

    private static async Task<string[]> FlagsAsync(Loading loading)
        => [.. (await FeedAsync(loading)).Schema!.Columns.Select(c => c.InEveryFile switch { true => "true", false => "false", null => "" })];
}
