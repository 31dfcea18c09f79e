using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Sqlite;

/// <summary>Columns of a loaded table that get another type: SQLite makes the table again, and all that belongs to it stays.</summary>
public sealed class RetypeTests
{
    /// <summary>From, to, the text of the first file, and the values that stand in the table at last, of which the second file brings the last.</summary>
    public static TheoryData<string, string, string, string, string> Allowed { get; } = new()
    {
        { "bigint", "decimal(38,2)", "7\n-12\n\n9223372036854775807", "1.25", "7.00|-12.00|∅|9223372036854775807.00|1.25" },
        { "bigint", "decimal(38,0)", "7\n-12", "8", "7|-12|8" },
        { "bigint", "text", "7\n-12\n\n-9223372036854775808", "many", "7|-12|∅|-9223372036854775808|many" },
        { "boolean", "text", "true\nfalse\n\ntrue", "maybe", "true|false|∅|true|maybe" },
        { "decimal(38,2)", "decimal(38,4)", "1.5\n-0.25\n", "2.1234", "1.5000|-0.2500|2.1234" },
        { "decimal(38,0)", "decimal(38,3)", "15\n-2\n", "2.125", "15.000|-2.000|2.125" },
        { "decimal(38,2)", "text", "1.5\n-0.25\n", "cheap", "1.50|-0.25|cheap" },
        { "date", "timestamp", "2024-02-29\n0001-01-01\n", "2024-02-29T12:30:00", "2024-02-29T00:00:00.000000|0001-01-01T00:00:00.000000|2024-02-29T12:30:00.000000" },
        { "date", "text", "2024-02-29\n", "soon", "2024-02-29|soon" },
        { "timestamp", "text", "2024-02-29T12:30:00\n", "soon", "2024-02-29T12:30:00.000000|soon" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task A_type_changes_and_the_rows_look_as_a_fresh_load_would_make_them(string from, string to, string before, string after, string values)
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema(from) });
        loading.Write("a.csv", "n,v\n" + string.Concat(before.TrimEnd('\n').Split('\n').Select((v, i) => $"{i},{v}\n")));
        await loading.SucceedAsync();
        await RetypeAsync(loading, to);
        loading.Write("b.csv", $"n,v\n100,{after}\n");
        await loading.SucceedAsync();

        Assert.Equal(values.Split('|'), loading.Query("SELECT v FROM orders ORDER BY n"));
        Assert.Equal("TEXT", loading.Single("SELECT type FROM pragma_table_info('orders') WHERE name = 'v'"));
        Assert.Equal("text", loading.Single("SELECT DISTINCT typeof(v) FROM orders WHERE v IS NOT NULL"));
    }

    [Theory]
    [InlineData("bigint", "double")]
    [InlineData("double", "text")]
    [InlineData("double", "bigint")]
    [InlineData("text", "bigint")]
    [InlineData("decimal(38,4)", "decimal(38,2)")]
    [InlineData("bigint", "decimal(38,20)")]
    [InlineData("boolean", "bigint")]
    public async Task A_type_that_does_not_keep_every_value_is_refused_and_a_reset_with_the_table_is_offered(string from, string to)
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema(from) });
        loading.Write("a.csv", $"n,v\n1,{(from == "boolean" ? "true" : "1")}\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, to);
        loading.Write("b.csv", "n,v\n2,2\n");

        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("CannotRetype", error.Id);
        Assert.DoesNotContain("with every value kept", error.Message, StringComparison.Ordinal);
        Assert.Equal("peaks3feed reset orders --drop-table", error.Remedies[^1].Shell);
        Assert.Contains($"schema.v.type={from}", error.Remedies[0].Shell, StringComparison.Ordinal);
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));

        await loading.Store.Engine().ResetAsync("orders", dropTable: true, CancellationToken.None);
        if (from != "boolean")
            Assert.Equal(2, (await loading.SucceedAsync()).RowsLoaded);
    }

    [Theory]
    [InlineData("bigint", "decimal(38,2)", true)]
    [InlineData("date", "timestamp", true)]
    [InlineData("bigint", "text", true)]
    [InlineData("decimal(38,2)", "text", false)]
    [InlineData("date", "text", false)]
    public async Task A_key_changes_only_where_the_same_text_stays_the_same_key(string from, string to, bool allowed)
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema(from), LoadType = LoadType.Upsert, PrimaryKey = ["v"] });
        loading.Write("a.csv", $"n,v\n1,{(from == "date" ? "2024-02-29" : "7")}\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, to);
        loading.Write("b.csv", $"n,v\n2,{(to == "timestamp" ? "2024-02-29T00:00:00" : from == "date" ? "2024-02-29" : "7")}\n");

        if (allowed)
            await loading.SucceedAsync();
        else
            Assert.Equal("CannotRetype", await loading.FailAsync());
        Assert.Equal(allowed ? "2" : "1", loading.Single("SELECT n FROM orders"));
        Assert.Equal("1", loading.Single("SELECT pk FROM pragma_table_info('orders') WHERE name = 'v'"));
    }

    /// <summary>Tables that somebody made, with all that a table can have.</summary>
    public static TheoryData<string, string> Tables { get; } = new()
    {
        { "plain", "CREATE TABLE orders (n INTEGER, v INTEGER)" },
        { "commented", "CREATE TABLE orders -- v INTEGER, (\n(n INTEGER /* v, ) */, \"v\" BIGINT(8) -- the value\n, [a b] TEXT DEFAULT 'v INTEGER', c TEXT COLLATE NOCASE DEFAULT (1 + (2)))" },
        { "checked", "CREATE TABLE orders (n INTEGER CHECK (n >= 0), v INT NOT NULL ON CONFLICT ABORT DEFAULT 5, w GENERATED ALWAYS AS (n * 2) STORED, x INT AS (n + 1), CONSTRAINT u UNIQUE (n, v), CHECK (length(v) < 30))" },
        { "strict", "CREATE TABLE orders (n INTEGER, v INTEGER, PRIMARY KEY (n)) STRICT" },
        { "withoutRowid", "CREATE TABLE orders (n INTEGER PRIMARY KEY, v INTEGER) WITHOUT ROWID" },
        { "numbered", "CREATE TABLE orders (n INTEGER, v INTEGER, i INTEGER PRIMARY KEY AUTOINCREMENT)" },
        { "shadowed", "CREATE TABLE orders (n INTEGER, v INTEGER, rowid TEXT, oid TEXT)" },
        { "untyped", "CREATE TABLE orders (n INTEGER, v)" },
        { "references", "CREATE TABLE orders (n INTEGER UNIQUE, v INTEGER, up INTEGER REFERENCES orders (n) ON DELETE CASCADE, other INTEGER REFERENCES others DEFERRABLE INITIALLY DEFERRED)" },
    };

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Tables))]
    public async Task All_that_belongs_to_the_table_is_there_afterwards(string name, string create)
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint"), AdoptTable = true });
        loading.Query("CREATE TABLE others (id INTEGER PRIMARY KEY)");
        loading.Query(create);
        loading.Write("a.csv", "n,v\n1,10\n2,20\n3,30\n4,40\n");
        await loading.SucceedAsync();
        loading.Query("CREATE TABLE children (n INTEGER, v INTEGER, FOREIGN KEY (n) REFERENCES orders (n) ON DELETE CASCADE ON UPDATE CASCADE)");
        loading.Query("CREATE TABLE log (event TEXT)");
        loading.Query("CREATE UNIQUE INDEX by_n ON orders (n DESC)");
        loading.Query("CREATE INDEX by_v ON orders (v COLLATE NOCASE, n) WHERE n > 1");
        loading.Query("CREATE INDEX by_text ON orders (lower(v || ';'))");
        loading.Query("CREATE VIEW big AS SELECT n, v FROM orders WHERE n > 2");
        loading.Query("CREATE TRIGGER added AFTER INSERT ON orders BEGIN INSERT INTO log VALUES ('added ' || NEW.n); END");
        loading.Query("CREATE TRIGGER changed AFTER UPDATE OF v ON orders BEGIN INSERT INTO log VALUES ('changed'); END");
        loading.Query("CREATE TRIGGER seen INSTEAD OF INSERT ON big BEGIN INSERT INTO orders (n, v) VALUES (NEW.n, NEW.v); END");
        loading.Query("CREATE TRIGGER elsewhere AFTER INSERT ON others BEGIN DELETE FROM orders WHERE n = -1; END");
        loading.Query("INSERT INTO children VALUES (1, 1), (3, 3)");
        loading.Query("PRAGMA foreign_keys = OFF; INSERT INTO children VALUES (99, 99)"); // broken before, and broken afterwards
        loading.Query("DELETE FROM orders WHERE n = 2");
        loading.Query("ANALYZE");
        if (name == "numbered")
            loading.Query("INSERT INTO orders (n, v, i) VALUES (50, 50, 500)"); // the table remembers that number
        loading.Query("DELETE FROM orders WHERE n = 50");
        loading.Query("DELETE FROM log");
        var before = Parts(loading);
        var rows = Rows(loading, name);

        await RetypeAsync(loading, "text");
        loading.Write("b.csv", "n,v\n5,fifty\n");
        await loading.SucceedAsync();

        Assert.Equal(before, Parts(loading));
        Assert.Equal([.. rows, .. Rows(loading, name).TakeLast(1)], Rows(loading, name));
        Assert.Equal(["10|text", "30|text", "40|text", "fifty|text"], loading.Query("SELECT v, typeof(v) FROM orders ORDER BY n"));
        Assert.Equal(["added 5"], loading.Query("SELECT event FROM log"));
        Assert.Equal("3", loading.Single("SELECT count(*) FROM children"));
        Assert.Equal("children|99|orders", loading.Single("SELECT \"table\", (SELECT n FROM children c WHERE c.rowid = k.rowid), parent FROM pragma_foreign_key_check AS k"));
        Assert.Equal("ok", loading.Single("PRAGMA integrity_check"));
        Assert.Equal(["3|30", "4|40", "5|fifty"], loading.Query("SELECT n, v FROM big ORDER BY n"));
        loading.Query("DELETE FROM orders WHERE n = 1");
        Assert.Equal(["3", "99"], loading.Query("SELECT n FROM children ORDER BY n"));
        if (name == "numbered")
            Assert.Equal("501", loading.Single("SELECT i FROM orders WHERE n = 5"));
    }

    [Fact]
    public async Task What_cannot_be_made_again_is_refused_by_name_and_stays()
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint"), AdoptTable = true });
        loading.Query("CREATE TABLE orders (n INTEGER, v INTEGER PRIMARY KEY AUTOINCREMENT)");
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, "decimal(38,2)");
        loading.Write("b.csv", "n,v\n2,20\n");

        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("CannotRebuildTable", error.Id);
        Assert.Contains("\"v\" is AUTOINCREMENT", error.Message, StringComparison.Ordinal);
        Assert.Equal("1|10", loading.Single("SELECT n, v FROM orders"));
    }

    [Fact]
    public async Task A_virtual_table_is_refused_by_its_kind()
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint"), AuditColumns = AuditColumns.None });
        loading.Query("CREATE VIRTUAL TABLE orders USING fts5(n, v)");
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, "text");
        loading.Write("b.csv", "n,v\n2,20\n");

        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("CannotRebuildTable", error.Id);
        Assert.Contains("virtual", error.Message, StringComparison.Ordinal);
        Assert.Equal("1|10", loading.Single("SELECT n, v FROM orders"));
    }

    [Theory]
    [InlineData("INSERT INTO orders (n, v) VALUES (9, 'ten')", "holds \"ten\"")]
    [InlineData("INSERT INTO orders (n, v) VALUES (9, 1.5)", "holds \"1.5\"")]
    public async Task A_value_that_no_load_wrote_is_named(string insert, string message)
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint") });
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        loading.Query(insert);
        await RetypeAsync(loading, "text");
        loading.Write("b.csv", "n,v\n2,20\n");

        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("CannotRetype", error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("2", loading.Single("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_check_that_the_new_values_break_keeps_the_old_table()
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint"), AdoptTable = true });
        loading.Query("CREATE TABLE orders (n INTEGER, v INTEGER CHECK (typeof(v) = 'integer'))");
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, "text");
        loading.Write("b.csv", "n,v\n2,20\n");

        var error = (await loading.RunAsync()).FeedError!;
        Assert.Equal("CannotRetype", error.Id);
        Assert.Contains("CHECK", error.Message, StringComparison.Ordinal);
        Assert.Equal("1|10|integer", loading.Single("SELECT n, v, typeof(v) FROM orders"));
        Assert.Equal("INTEGER", loading.Single("SELECT type FROM pragma_table_info('orders') WHERE name = 'v'"));
    }

    [Fact]
    public async Task Foreign_keys_are_checked_while_the_table_is_made_again()
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint"), AdoptTable = true });
        loading.Query("CREATE TABLE others (id INTEGER PRIMARY KEY)");
        loading.Query("INSERT INTO others VALUES (1)");
        loading.Query("CREATE TABLE orders (n INTEGER REFERENCES others, v INTEGER)");
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        await RetypeAsync(loading, "text");
        loading.Write("b.csv", "n,v\n2,20\n");

        Assert.Equal("ForeignKeysBroken", await loading.FailAsync());
        Assert.Equal("1|10|integer", loading.Single("SELECT n, v, typeof(v) FROM orders"));
    }

    [Fact]
    public async Task A_column_gets_another_name_and_another_type_at_once()
    {
        using var loading = await Loading.BeginAsync(f => f with { Schema = Schema("bigint") });
        loading.Write("a.csv", "n,v\n1,10\n");
        await loading.SucceedAsync();
        await loading.ChangeAsync(f => f with
        {
            Schema = new FeedSchema(f.Schema!.Columns.Select(c => c.Name == "v" ? c with { Name = "n", Type = ColumnType.Text } : c with { Name = "v", Type = ColumnType.Decimal, Scale = 1 })),
        });
        loading.Write("b.csv", "n,v,more\n2,x,y\n");
        await loading.SucceedAsync();

        Assert.Equal(["1.0|10|∅", "2.0|x|y"], loading.Query("SELECT v, n, more FROM orders ORDER BY v"));
    }

    private static FeedSchema Schema(string type) => new([new FeedColumn("n", "n", ColumnType.BigInt), Column(type)]);

    private static FeedColumn Column(string type)
    {
        var column = new FeedColumn("v", "v", ColumnType.Text);
        return type.StartsWith("decimal", StringComparison.Ordinal)
            ? column with { Type = ColumnType.Decimal, Scale = int.Parse(type[11..^1], System.Globalization.CultureInfo.InvariantCulture) }
            : column with { Type = Enum.Parse<ColumnType>(type, ignoreCase: true) };
    }

    private static Task RetypeAsync(Loading loading, string type)
        => loading.ChangeAsync(f => f with { Schema = new FeedSchema(f.Schema!.Columns.Select(c => c.Name == "v" ? Column(type) : c)) });

    // All of the schema but the table's own statement, whose columns are compared instead; the type of v may differ.
    private static List<string> Parts(Loading loading) =>
    [
        .. loading.Query("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE NOT (type = 'table' AND name = 'orders') ORDER BY type, name"),
        .. loading.Query("SELECT cid, name, CASE name WHEN 'v' THEN '' ELSE type END, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('orders')"),
        .. loading.Query("SELECT strict, wr, ncol FROM pragma_table_list('orders')"),
        .. loading.Query("SELECT seq, name, \"unique\", origin, partial FROM pragma_index_list('orders') ORDER BY name"),
        .. loading.Query("SELECT l.name, x.seqno, x.name, x.\"desc\", x.coll, x.key FROM pragma_index_list('orders') l, pragma_index_xinfo(l.name) x ORDER BY l.name, x.seqno"),
        .. loading.Query("SELECT * FROM pragma_foreign_key_list('orders')"),
        .. loading.Query("SELECT * FROM pragma_foreign_key_list('children')"),
        .. loading.Query("SELECT count(*) FROM pragma_foreign_key_check"),
        .. loading.Query("SELECT tbl, idx FROM sqlite_stat1 ORDER BY tbl, idx"),
    ];

    private static List<string> Rows(Loading loading, string name) => loading.Query(
        $"SELECT {(name is "withoutRowid" or "shadowed" ? "''" : "rowid")}, n, v, peakauditcreatedat, peakauditfilename, peakauditrequestid FROM orders ORDER BY n");
}
