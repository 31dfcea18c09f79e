using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Columns that come, go by another name or get another type.</summary>
public sealed class SchemaChangeTests
{
    [Fact]
    public async Task A_column_renamed_after_the_first_load_is_renamed_in_the_table()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        await EditAsync(loading, "name", c => c with { Name = "full_name" });
        loading.Write("b.csv", "id,name\n2,Bo\n");
        await loading.SucceedAsync();

        Assert.Equal(["1|Ann", "2|Bo"], loading.Query("SELECT id, full_name FROM orders ORDER BY id"));
        Assert.DoesNotContain("name", loading.Query("SELECT name FROM pragma_table_info('orders')"));
    }

    [Fact]
    public async Task Two_columns_that_change_names_keep_their_values()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "one,two\nfirst,second\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with { Schema = new FeedSchema(f.Schema!.Columns.Select(c => c with { Name = c.Name == "one" ? "two" : "one" })) });
        loading.Write("b.csv", "one,two\nfirst,second\n");
        await loading.SucceedAsync();

        Assert.Equal(["first|second", "first|second"], loading.Query("SELECT two, one FROM orders"));
    }

    [Fact]
    public async Task A_type_widens_where_every_value_is_kept()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,price\n1,1.5\n");
        await loading.SucceedAsync();
        await EditAsync(loading, "price", c => c with { Scale = 4 });
        loading.Write("b.csv", "id,price\n2,2.1234\n");
        await loading.SucceedAsync();
        Assert.Equal("2.1234", loading.Single("SELECT price FROM orders WHERE id = 2"));

        await EditAsync(loading, "price", c => c with { Type = ColumnType.Text, Scale = 0 });
        loading.Write("c.csv", "id,price\n3,cheap\n");
        await loading.SucceedAsync();
        Assert.Equal("cheap", loading.Single("SELECT price FROM orders WHERE id = 3"));

        await EditAsync(loading, "price", c => c with { Type = ColumnType.BigInt });
        loading.Write("d.csv", "id,price\n4,4\n");
        Assert.Equal("CannotRetype", await loading.FailAsync());
        Assert.Equal("3", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_field_that_comes_midway_is_a_column_from_there_on()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id\n1\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id\n2\n");
        loading.Write("c.csv", "extra,id\n7,3\n,4\n");
        loading.Write("d.csv", "id,more\n5,text\n");
        Assert.Equal(1, (await loading.SucceedAsync()).Commits);

        Assert.Equal(["1|∅|∅", "2|∅|∅", "3|7|∅", "4|∅|∅", "5|∅|text"], loading.Query("SELECT id, extra, more FROM orders ORDER BY id"));
        Assert.Equal(["id", "extra", "more"], (await loading.Store.FeedAsync()).Schema!.Columns.Select(c => c.Name));
        Assert.Equal(ColumnType.BigInt, (await loading.Store.FeedAsync()).Schema!.Find("extra")!.Type);
    }

    [Fact]
    public async Task Strict_fails_on_a_new_field_and_loads_nothing()
    {
        using var loading = await Loading.BeginAsync(f => f with { SchemaEvolution = SchemaEvolution.Strict });
        loading.Write("a.csv", "id\n1\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,extra\n2,7\n");

        Assert.Equal("NewField", await loading.FailAsync());
        Assert.Equal(["1"], loading.Query("SELECT id FROM orders"));
    }

    [Fact]
    public async Task Ignore_leaves_a_new_field_out()
    {
        using var loading = await Loading.BeginAsync(f => f with { SchemaEvolution = SchemaEvolution.Ignore });
        loading.Write("a.csv", "id\n1\n");
        await loading.SucceedAsync();
        loading.Write("b.csv", "id,extra\n2,7\n");
        await loading.SucceedAsync();

        Assert.Equal(["1", "2"], loading.Query("SELECT id FROM orders ORDER BY id"));
        Assert.DoesNotContain("extra", loading.Query("SELECT name FROM pragma_table_info('orders')"));
    }

    [Fact]
    public async Task A_column_that_somebody_gave_another_type_is_not_loaded_into()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,amount\n1,2\n");
        await loading.SucceedAsync();
        loading.Query("ALTER TABLE orders DROP COLUMN amount");
        loading.Query("ALTER TABLE orders ADD COLUMN amount REAL");
        loading.Write("b.csv", "id,amount\n2,3\n");

        Assert.Equal("ColumnTypeDiffers", await loading.FailAsync());
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
    }

    [Theory]
    [InlineData("TEXT")]
    [InlineData("INTEGER")]
    public async Task A_new_name_that_another_column_has_is_refused(string type)
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,name\n1,Ann\n");
        await loading.SucceedAsync();
        loading.Query($"ALTER TABLE orders ADD COLUMN full_name {type}");
        await EditAsync(loading, "name", c => c with { Name = "full_name" });
        loading.Write("b.csv", "id,name\n2,Bo\n");

        Assert.Equal("ColumnNameTaken", await loading.FailAsync());
        Assert.Equal(["1|Ann|∅"], loading.Query("SELECT id, name, full_name FROM orders"));
    }

    private static Task EditAsync(Loading loading, string column, Func<FeedColumn, FeedColumn> edit)
        => loading.ChangeAsync(f => f with { Schema = new FeedSchema(f.Schema!.Columns.Select(c => c.Name == column ? edit(c) : c)) });
}
