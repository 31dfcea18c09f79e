using System.Globalization;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>The golden tables, and how each is made. README.md in tests/GoldenTables says what they show.</summary>
internal static class GoldenTables
{
    private const string Emoji = "\U0001F600";

    private static readonly string Nines = new('9', 36);

    private static readonly IReadOnlyDictionary<string, Recipe> Recipes = new Dictionary<string, Recipe>(StringComparer.Ordinal)
    {
        ["all-types"] = new(AllTypesAsync, f => f with
        {
            Schema = GoldenFeed.Columns(
                ("id", ColumnType.BigInt, 0), ("flag", ColumnType.Boolean, 0), ("number", ColumnType.BigInt, 0), ("whole", ColumnType.Decimal, 0),
                ("price", ColumnType.Decimal, 2), ("fraction", ColumnType.Decimal, 38), ("real", ColumnType.Double, 0), ("day", ColumnType.Date, 0),
                ("at", ColumnType.TimestampTz, 0), ("name", ColumnType.Text, 0), ("extra", ColumnType.Json, 0), ("long", ColumnType.Text, 0),
                ("nothing", ColumnType.Text, 0), ("never", ColumnType.Decimal, 4)),
        }),
        ["doubles"] = new(DoublesAsync, f => f with
        {
            PartitionBy = ["kind"],
            Schema = GoldenFeed.Columns(("id", ColumnType.BigInt, 0), ("kind", ColumnType.Text, 0), ("real", ColumnType.Double, 0)),
        }),
        ["timestamp-ntz"] = new(TimestampNtzAsync, f => f with
        {
            Schema = GoldenFeed.Columns(("id", ColumnType.BigInt, 0), ("local", ColumnType.Timestamp, 0)),
        }),
        ["append"] = new(AppendAsync, f => f with { AuditColumns = AuditColumns.All }),
        ["replace"] = new(ReplaceAsync, f => f with { LoadType = LoadType.TruncateInsert }),
        ["upsert"] = new(UpsertAsync, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], AuditColumns = AuditColumns.All }),
        ["changed-object"] = new(ChangedObjectAsync, f => f with { OnChangedObject = ChangedObjectAction.Replace, AuditColumns = AuditColumns.All }),
        ["schema-growth"] = new(SchemaGrowthAsync),
        ["protocol-upgrade"] = new(ProtocolUpgradeAsync),
        ["partition-text"] = new(PartitionTextAsync, f => f with { PartitionBy = ["country"] }),
        ["partition-types"] = new(PartitionTypesAsync, f => f with
        {
            PartitionBy = ["paid", "number", "price", "day"],
            Schema = GoldenFeed.Columns(
                ("id", ColumnType.BigInt, 0), ("paid", ColumnType.Boolean, 0), ("number", ColumnType.BigInt, 0), ("price", ColumnType.Decimal, 2),
                ("day", ColumnType.Date, 0)),
        }),
        ["partition-dates"] = new(PartitionDatesAsync, f => f with
        {
            PartitionBy = ["year(at)", "month(at)", "day(at)"],
            Schema = GoldenFeed.Columns(("id", ColumnType.BigInt, 0), ("at", ColumnType.TimestampTz, 0)),
        }),
        ["partition-local"] = new(PartitionLocalAsync, f => f with
        {
            PartitionBy = ["date(local)", "year(day)"],
            Schema = GoldenFeed.Columns(("id", ColumnType.BigInt, 0), ("local", ColumnType.Timestamp, 0), ("day", ColumnType.Date, 0)),
        }),
        ["checkpoint"] = new(CheckpointAsync, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 1 }),
        ["log-clean-up"] = new(LogCleanUpAsync, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"], CommitEveryObjects = 1 }),
        ["optimize"] = new(OptimizeAsync, f => f with { CommitEveryObjects = 1, AuditColumns = AuditColumns.All }),
        ["reset"] = new(ResetAsync),
        ["two-feeds"] = new(TwoFeedsAsync, f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] }),
        ["snappy"] = new(t => AppendAsync(t), Destination: d => d with { Compression = ParquetCompression.Snappy }),
        ["row-groups"] = new(RowGroupsAsync, f => f with
        {
            Schema = GoldenFeed.Columns(("id", ColumnType.BigInt, 0), ("name", ColumnType.Text, 0), ("price", ColumnType.Decimal, 2)),
        }),
        ["spectrum-manifest"] = new(
            SpectrumManifestAsync, f => f with { OnChangedObject = ChangedObjectAction.Replace, AuditColumns = AuditColumns.All },
            d => d with { SpectrumManifest = true }),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. Recipes.Keys];

    /// <summary>Makes a table.</summary>
    public static async Task<GoldenFeed> MakeAsync(string name)
    {
        var recipe = Recipes[name];
        var table = await GoldenFeed.BeginAsync(recipe.Feed, recipe.Destination);
        await recipe.MakeAsync(table);
        return table;
    }

    private static Task AllTypesAsync(GoldenFeed table) => table.LoadAsync("a.csv", string.Join('\n',
    [
        "id,flag,number,whole,price,fraction,real,day,at,name,extra,long,nothing,never",
        $"1,true,-9223372036854775808,-{Nines}99,-{Nines}.99,-0.{Nines}99,-1.7976931348623157E308,0001-01-01,0001-01-01T00:00:00.000000Z,\"\",{{}},,,",
        $"2,false,9223372036854775807,{Nines}99,{Nines}.99,0.{Nines}99,1.7976931348623157E308,9999-12-31,9999-12-31T23:59:59.999999Z,"
            + $"{Emoji} \U0010FFFF,\"{{\"\"a\"\": \"\"{Emoji}\"\"}}\",,,",
        "3,,,,,,,,,,,,,",
        "4,true,0,0,0.00,0,-0.0,1970-01-01,1970-01-01T00:00:00.000001Z,\"tab\there, \"\"quote\"\" and\nline\",\"[1, null, \"\"x\"\"]\",,,",
        "5,true,1,1,0.01,0.00000000000000000000000000000000000001,0.1,1969-12-31,1969-12-31T23:59:59.999999Z,\uFFFD\uE000,null,,,",
        "6,false,-1,-1,-0.01,-0.00000000000000000000000000000000000001,1E-300,1582-10-14,1582-10-14T00:00:00.123456Z,e\u0301 é,true,,,",
        $"7,false,12,12,12.30,0.5,2.5,2024-02-29,2026-03-29T01:30:00.123456Z,plain,\"{{\"\"long\"\": [1.50, -0.0]}}\",x{new string('é', 150)},,",
        "",
    ]));

    // Feeds load no NaN and no infinities. Another program adds such rows, and the compaction writes them again.
    private static async Task DoublesAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,kind,real\n1,NaN,1.5\n2,infinite,-2.5\n3,zero,-0.0\n4,finite,4.94E-322\n");
        await table.LoadAsync("b.csv", "id,kind,real\n13,zero,0.0\n14,finite,-1E300\n");
        table.Others.Commit(
            "{\"commitInfo\":{\"operation\":\"WRITE\"}}",
            Foreign("nan.parquet", "VALUES (21::BIGINT, 'NaN'::DOUBLE), (22, 2.5)", "NaN"),
            Foreign("infinite.parquet", "VALUES (31::BIGINT, 'inf'::DOUBLE), (32, '-inf'::DOUBLE), (33, NULL)", "infinite"));
        await table.OptimizeAsync();

        string Foreign(string file, string rows, string kind)
            => table.Others.Add(file, $"SELECT * FROM ({rows}) AS t(id, real)").Replace(
                "\"partitionValues\":{}", $"\"partitionValues\":{{\"kind\":\"{kind}\"}}", StringComparison.Ordinal);
    }

    private static Task TimestampNtzAsync(GoldenFeed table) => table.LoadAsync(
        "a.csv",
        "id,local\n1,0001-01-01T00:00:00.000000\n2,9999-12-31T23:59:59.999999\n3,1969-12-31T23:59:59.999999\n4,2026-03-29T02:30:00.123456\n5,\n");

    private static async Task AppendAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name,price\n1,Ann,1.50\n2,Bo,\n");
        await table.LoadAsync("b.csv", $"id,name,price\n3,{Emoji},-0.05\n");
        await table.LoadAsync("c.csv", "id,name,price\n4,,7.00\n5,\"\",0.00\n");
        await table.LoadAsync("d.csv", "id,name,price\n6,Ann,1.50\n");
    }

    private static async Task ReplaceAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.LoadAsync("a.csv", "id,name\n2,Bob\n7,Gus\n");
    }

    private static async Task UpsertAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n3,Cy\n");
        await table.LoadAsync("b.csv", "id,name\n101,Zoe\n102,Yan\n");
        await table.LoadAsync("c.csv", "id,name\n2,Bob\n4,Di\n4,Dina\n");
    }

    private static async Task ChangedObjectAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.LoadAsync("b.csv", "id,name\n3,Cy\n");
        await table.LoadAsync("a.csv", "id,name\n1,Anna\n4,Di\n");
    }

    private static async Task SchemaGrowthAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.LoadAsync("b.csv", "id,name,city\n3,Cy,Cork\n");
        await table.LoadAsync("c.csv", "id,price,paid,day\n4,1.50,true,2026-03-01\n");
    }

    private static async Task ProtocolUpgradeAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,at\n1,2026-03-01T10:00:00Z\n");
        await table.LoadAsync("b.csv", "id,at,local\n2,2026-03-01T11:00:00Z,2026-03-01T12:00:00.5\n");
    }

    private static async Task PartitionTextAsync(GoldenFeed table)
    {
        string[] countries =
        [
            "DE", "with spaces", "50%", "50%25", "a/b", "a=b", "a:b?c", "+", "#", "Österreich", Emoji, "'", "\"\"", "back\\slash", "{x}", "",
        ];
        await table.LoadAsync("a.csv", "id,country\n" + string.Concat(countries.Select((c, i) => $"{i + 1},\"{c}\"\n")) + "90,\n");
        await table.LoadAsync("b.csv", "id,country\n91,DE\n92,\n");
    }

    private static async Task PartitionTypesAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,paid,number,price,day\n1,true,-7,-0.05,0001-01-01\n2,false,9223372036854775807,1.50,9999-12-31\n");
        await table.LoadAsync("b.csv", "id,paid,number,price,day\n3,,,1.00,2026-01-01\n6,true,1,,\n4,true,0,0.00,2024-02-29\n5,true,0,0.00,2024-02-29\n");
    }

    private static Task PartitionDatesAsync(GoldenFeed table) => table.LoadAsync(
        "a.csv",
        "id,at\n1,2025-12-31T23:59:59.999999Z\n2,2026-01-01T00:00:00Z\n3,1969-12-31T23:59:59.999999Z\n4,\n5,2026-01-01T12:00:00Z\n"
        + "6,0001-01-01T00:00:00Z\n7,9999-12-31T23:59:59.999999Z\n");

    private static Task PartitionLocalAsync(GoldenFeed table) => table.LoadAsync(
        "a.csv",
        "id,local,day\n1,2025-12-31T23:59:59.999999,2025-12-31\n2,2026-01-01T00:00:00,2026-01-01\n3,0001-01-01T00:00:00,0001-01-01\n4,,\n"
        + "5,2026-01-01T12:00:00,2026-06-01\n6,9999-12-31T23:59:59.999999,9999-12-31\n");

    // Each load changes a row of the first file, and adds one.
    private static async Task CheckpointAsync(GoldenFeed table)
    {
        await LoadsAsync(table, 0, 13);
        table.Wait(TimeSpan.FromDays(8));
        await LoadsAsync(table, 13, 10);
    }

    private static async Task LogCleanUpAsync(GoldenFeed table)
    {
        await LoadsAsync(table, 0, 13);
        table.Wait(TimeSpan.FromDays(40));
        await LoadsAsync(table, 13, 10);
    }

    private static async Task LoadsAsync(GoldenFeed table, int first, int count)
    {
        foreach (var i in Enumerable.Range(first, count))
            table.Write(string.Create(CultureInfo.InvariantCulture, $"{i:D2}.csv"), $"id,name\n0,name {i}\n{i + 1},new {i}\n");
        await table.RunAsync();
    }

    private static async Task OptimizeAsync(GoldenFeed table)
    {
        foreach (var i in Enumerable.Range(1, 4))
            table.Write($"{i}.csv", $"id,name\n{i},name {i}\n{i + 10},\n");
        await table.RunAsync();
        await table.OptimizeAsync();
    }

    private static async Task ResetAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.ResetAsync();
    }

    private static async Task TwoFeedsAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.LoadByOtherFeedAsync(
            "o.csv", "id,name,city\n2,Bob,Cork\n3,Cy,Kyiv\n", f => f with { LoadType = LoadType.Upsert, PrimaryKey = ["id"] });
        await table.LoadAsync("b.csv", "id,name\n3,Cyril\n4,Di\n");
    }

    // A feed's row groups have at least one mebibyte. So the second commit is made by the product's writers of files and logs, with smaller ones.
    private static async Task RowGroupsAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name,price\n1,Ann,1.50\n2,Bo,\n");
        await SmallRowGroups.CommitAsync(table, rows: 700, rowsInGroup: 100, rowsInFile: 350);
    }

    private static async Task SpectrumManifestAsync(GoldenFeed table)
    {
        await table.LoadAsync("a.csv", "id,name\n1,Ann\n2,Bo\n");
        await table.LoadAsync("b.csv", "id,name\n3,Cy\n");
        await table.LoadAsync("a.csv", "id,name\n1,Anna\n");
    }

    private sealed record Recipe(
        Func<GoldenFeed, Task> MakeAsync, Func<S3Feed, S3Feed>? Feed = null, Func<S3ExternalDestination, S3ExternalDestination>? Destination = null);
}
