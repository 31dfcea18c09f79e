using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>What a first run refuses, because loading the files so would lose what is in them.</summary>
public sealed class FirstRunTests
{
    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("a.csv", "name;city\nAnn;Oslo\nBob;Rome\n", "Semicolon")]
    [InlineData("a.csv", "name;price\nAnn;3,50\n", "Semicolon")]
    [InlineData("a.csv", "\"name\";\"city\"\n\"Ann\";\"Oslo\"\n", "Semicolon")]
    [InlineData("a.csv", "name|city\n", "Pipe")]
    [InlineData("a.csv", "name\tcity\nAnn\tOslo\n", "Tab")]
    [InlineData("a.tsv", "name,city\nAnn,Oslo\n", "Comma")]
    [InlineData("a.psv", "name;city\n\nAnn;Oslo\n", "Semicolon")]
    public async Task A_separator_that_does_not_fit_is_named(string file, string text, string separator)
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write(file, text);
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("SeparatorDoesNotFit", error.Id);
        Assert.Equal($"peaks3feed set orders csv.separator={separator}", error.Remedies[0].Shell);
        Assert.Equal($"Set-S3Feed -Name orders -Separator {separator}", error.Remedies[0].Cmdlet);
        var preview = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().PreviewAsync("orders", 1, key: null, accessKey: null, default));
        Assert.Equal(error.Remedies, preview.Remedies);

        await loading.ChangeAsync(f => f with { Csv = f.Csv with { Separator = CsvSeparator.Parse(separator) } });
        Assert.Equal(text.Count(c => c == '\n') - 1 - (text.Contains("\n\n", StringComparison.Ordinal) ? 1 : 0), (await loading.RunAsync()).Run.RowsLoaded);
    }

    [Theory]
    [InlineData("a.csv", "name;city\nAnn;Oslo\nBob;Rome\n")]
    [InlineData("a.tsv", "note\nx, y\n")]
    public async Task A_file_of_one_column_is_loaded_where_its_separator_is_named(string file, string text)
    {
        using var loading = await Loading.BeginAsync(f => Plain(f) with { Csv = new CsvOptions { Separator = "," } });
        loading.Write(file, text.Replace(", ", " ", StringComparison.Ordinal));
        Assert.Equal(text.Count(c => c == '\n') - 1, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Theory]
    [InlineData("note\na; b\nc\n")]
    [InlineData("\"a;b\"\n\"c;d\"\n")]
    [InlineData("note\n")]
    public async Task A_file_of_one_column_needs_no_separator(string text)
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", text);
        Assert.Equal(text.Count(c => c == '\n') - 1, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Fact]
    public async Task Each_file_has_the_separator_of_its_extension()
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", "id,note\n1,a\n");
        loading.Write("b.tsv", "id\tnote\n2\tb,b\n");
        loading.Write("c.psv", "id|note\n3|c\n");
        Assert.Equal(3, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|a", "2|b,b", "3|c"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
        Assert.True((await loading.Store.FeedAsync()).Csv.IsSeparatorUnset);
    }

    [Theory]
    [InlineData("a.csv", "1,Ann\n2,Bob\n", "3,Cy\n4,Di\n", true)]
    [InlineData("a.csv", "2026-01-01,7\n", "2026-01-02,8\n", true)]
    [InlineData("a.csv", "id,v\n1,2\n", "id;v\n3;4\n", false)]
    [InlineData("a.csv", "id,v\n1,2\n", "name,city\n", false)]
    [InlineData("a.ndjson", "{\"id\":1}\n", "{\"name\":\"x\"}\n", false)]
    public async Task Files_without_a_common_field_are_not_merged(string name, string one, string other, bool isHeaderless)
    {
        using var loading = await Loading.BeginAsync(f => name.EndsWith(".csv", StringComparison.Ordinal) ? Plain(f) : f.WithFileType(FileType.Ndjson));
        loading.Write(name, one);
        loading.Write("b" + name[1..], other);
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("NoKnownField", error.Id);
        Assert.Contains("a." + name[2..], error.Message, StringComparison.Ordinal);
        Assert.Contains("b." + name[2..], error.Message, StringComparison.Ordinal);
        Assert.Equal(
            isHeaderless ? [new Remedy("Set-S3Feed -Name orders -NoHeader", "peaks3feed set orders csv.hasHeader=false")] : [],
            error.Remedies);
        if (!isHeaderless)
            return;
        await loading.ChangeAsync(f => f with { Csv = f.Csv with { HasHeader = false } });
        Assert.Equal((one + other).Count(c => c == '\n'), (await loading.SucceedAsync()).RowsLoaded);
    }

    [Fact]
    public async Task Headers_that_differ_in_case_and_blanks_alone_are_not_unlike()
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", "id,v\n1,2\n");
        loading.Write("b.csv", " ID ,V\n3,4\n");
        Assert.NotEqual("NoKnownField", (await loading.RunAsync()).FeedError?.Id);
    }

    [Fact]
    public async Task A_header_that_looks_like_a_row_is_told()
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", "2024,2025\n1,2\n");
        var warning = Assert.Single((await loading.SucceedAsync()).Warnings);
        Assert.Equal("HeaderLooksLikeData", warning.Id);
        Assert.Equal("peaks3feed set orders csv.hasHeader=false", Assert.Single(warning.Remedies).Shell);
    }

    [Theory]
    [InlineData(LoadType.Incremental)]
    [InlineData(LoadType.Upsert)]
    [InlineData(LoadType.TruncateInsert)]
    public async Task Files_without_rows_make_no_table_and_keep_no_types(LoadType type)
    {
        using var loading = await Loading.BeginAsync(f => Plain(f) with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] });
        loading.Write("a.csv", "id,amount\n");
        var first = await loading.SucceedAsync();
        Assert.Equal((0, "NoRowYet"), (first.Commits, Assert.Single(first.Warnings).Id));
        Assert.Empty(loading.Query("SELECT name FROM sqlite_master WHERE name = 'orders'"));
        Assert.Null((await loading.Store.FeedAsync()).Schema);

        loading.Write("b.csv", "id,amount\n1,2.5\n");
        var second = await loading.SucceedAsync();
        Assert.Equal((2L, 1L), (second.ObjectsLoaded, second.RowsLoaded));
        Assert.Equal("id bigint, amount decimal(38,1)", string.Join(", ", (await loading.Store.FeedAsync()).Schema!.Columns.Select(c => $"{c.Name} {c.TypeName}")));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Fact]
    public async Task A_loaded_feed_records_files_without_rows()
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", "id\n1\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id\n");
        Assert.Equal(1, (await loading.SucceedAsync()).ObjectsLoaded);
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
        loading.Write("c.csv", "name\n");
        Assert.Equal("NoKnownField", await loading.FailAsync());
    }

    [Theory]
    [InlineData("a.json", "[]", FileType.Json)]
    [InlineData("a.ndjson", "\n\n", FileType.Ndjson)]
    [InlineData("a.csv", "\n\n", FileType.Csv)]
    public async Task Without_a_row_and_audit_columns_there_is_nothing_to_do_yet(string name, string text, FileType type)
    {
        using var loading = await Loading.BeginAsync(f => (Plain(f) with { AuditColumns = AuditColumns.None }).WithFileType(type));
        loading.Write(name, text);
        var run = (await loading.RunAsync()).Run;
        Assert.Equal((RunStatus.NothingToDo, "NoColumnYet"), (run.Status, Assert.Single(run.Warnings).Id));
    }

    [Fact]
    public async Task Rows_that_are_not_objects_are_named_as_the_cause()
    {
        using var loading = await Loading.BeginAsync(f => f.WithFileType(FileType.Ndjson) with { AuditColumns = AuditColumns.None });
        loading.Write("a.ndjson", "\n1\n[2]\n");
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal(("NoColumn", 2L), (error.Id, error.Position!.Line));
    }

    [Fact]
    public async Task Keys_that_are_one_number_stay_two_rows()
    {
        using var loading = await Loading.BeginAsync(f => Plain(f) with { LoadType = LoadType.Upsert, PrimaryKey = ["release"] });
        loading.Write("a.csv", "release,note\n3.1,a\n3.10,b\n");
        await loading.SucceedAsync();
        Assert.Equal(["3.1|a", "3.10|b"], loading.Query("SELECT release, note FROM orders ORDER BY release"));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData("schema.v.type", "text", "v text")]
    [InlineData("schema.v.name", "value", "value bigint")]
    public async Task A_column_can_be_changed_before_the_first_commit(string key, string value, string column)
    {
        using var loading = await Loading.BeginAsync(f => f.WithFileType(FileType.Ndjson));
        var rows = string.Concat(Enumerable.Range(1, 20_001).Select(i => $"{{\"id\":{i}}}\n"));
        loading.Write("a.ndjson", rows + "{\"id\":0,\"v\":1}\n" + "{\"id\":-1,\"v\":2}\n");
        await loading.Store.Engine().Definitions.SetFeedAsync("orders", [new(key, value)], default);
        var feed = await loading.Store.FeedAsync();
        Assert.Equal($"id bigint, {column}", string.Join(", ", feed.Schema!.Columns.Select(c => $"{c.Name} {c.TypeName}")));
        Assert.Equal("v", feed.Schema.Columns[1].Field);
        Assert.Equal(20_003, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Fact]
    public async Task A_misfit_behind_the_sample_is_loaded_once_its_column_is_text()
    {
        using var loading = await Loading.BeginAsync(Plain);
        loading.Write("a.csv", "id,v\n" + string.Concat(Enumerable.Range(1, 20_001).Select(i => $"{i},{i}\n")) + "0,x\n");
        Assert.Equal("FailedRowThresholdExceeded", await loading.FailAsync());
        var change = Assert.Single((await loading.Store.Engine().Definitions.SetFeedAsync("orders", [new("schema.v.type", "text")], default)).Changes);
        Assert.Equal(("\"bigint\"", "\"text\""), (change.Before, change.After));
        Assert.Equal(20_002, (await loading.SucceedAsync()).RowsLoaded);
        var error = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().Definitions.SetFeedAsync("orders", [new("schema.w.type", "text")], default));
        Assert.Equal("Its columns are id, v.", error.Hint);
    }

    [Fact]
    public async Task A_field_of_another_file_is_found()
    {
        using var loading = await Loading.BeginAsync(Plain);
        foreach (var name in (string[])["a", "b", "c", "d", "e", "f", "g"])
            loading.Write(name + ".csv", name == "d" ? "id,rare\n1,2\n" : $"id,note\n{name[0] - 'a'},{new string('x', name[0])}\n");
        await loading.Store.Engine().Definitions.SetFeedAsync("orders", [new("schema.rare.type", "text")], default);
        Assert.Equal(["id", "note", "rare"], (await loading.Store.FeedAsync()).Schema!.Columns.Select(c => c.Name));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(";")]
    [InlineData(null)]
    public async Task The_way_out_of_a_wrong_separator_loses_and_doubles_no_row(string? separator)
    {
        using var loading = await Loading.BeginAsync(f => f with { Csv = new CsvOptions { Separator = "," } });
        loading.Write("a.csv", "id;note\n1;a\n2;b\n");
        await loading.SucceedAsync();
        var setting = new KeyValuePair<string, string>("csv.separator", CsvSeparator.Word(separator));
        var edit = await loading.Store.Engine().Definitions.SetFeedAsync("orders", [setting], default);
        var consequence = Assert.Single(FeedConsequences.Find(edit.Before, edit.Now));
        Assert.Equal("peaks3feed reset orders --drop-table", consequence.Remedy!.Shell);

        loading.Write("b.csv", "id;note\n3;c\n");
        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal(("NoKnownField", consequence.Remedy), (error.Id, Assert.Single(error.Remedies)));
        await loading.Store.Engine().ResetAsync("orders", dropTable: true, default);
        Assert.Equal(3, (await loading.SucceedAsync()).RowsLoaded);
        Assert.Equal(["1|a", "2|b", "3|c"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
    }

    private static S3Feed Plain(S3Feed feed) => feed with { Csv = new CsvOptions() };
}
