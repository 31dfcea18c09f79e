using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>
/// Every statement that this program can send to Snowflake, with names as awkward as Snowflake takes them: the stand-in's strict reader takes each
/// one, and none breaks a rule of <see cref="StatementLint"/>.
/// </summary>
public sealed class SnowflakeStatementTests
{
    private const string Host = "host'); DROP TABLE orders; --";
    private const string Bucket = "bucket'--";
    private const string Key = "key'\\ $$ \"/*";

    private static readonly Guid Feed = Guid.Parse("feedfeed-1111-4111-8111-111111111111");
    private static readonly Guid Other = Guid.Parse("0badf00d-2222-4222-8222-222222222222");
    private static readonly Guid Run = Guid.Parse("cafecafe-3333-4333-8333-333333333333");

    private static readonly string[] Awkward =
    [
        "plain", "he said \"hi\"", "back\\slash", "$$", "a$$b", ":name", "what?", "--x", "/*x", "x*/", "line\nbreak", "more\r\n\nlines", "select",
        "it's", "'", "a;b", "{0}", "ünïcode 日本", " space ", "::", "?", "END;", "\\'", "\"", "a\"b'c\\d", "@stage", "tab\t", "--\n",
        "peaks3feed_row2", "check_1", "held", new('x', 255),
    ];

    private static readonly ColumnType[] Types = Enum.GetValues<ColumnType>();

    // The beginning of each kind of statement: none may be missing in what is checked.
    private static readonly string[] Kinds =
    [
        "SELECT t.table_name", "SELECT table_name FROM INFORMATION_SCHEMA", "SELECT k.format_version", "SELECT feed_id, mode FROM",
        "SELECT l.feed_id", "SELECT i.peaks3feed_object, i.peaks3feed_row", "CREATE TABLE \"PEAKS3FEED_LOCK",
        "SELECT object_key", "SELECT DISTINCT", "SELECT load_id", "SELECT COUNT(*)", "SELECT\n    (SELECT COUNT(*)", "SELECT schema_json",
        "SELECT retired_schema_json",
        "SELECT MIN(", "SELECT CURRENT_VERSION", "SHOW WAREHOUSES LIKE", "DESC STAGE", "LIST @", "COPY INTO", "CREATE TABLE IF NOT EXISTS",
        "CREATE TABLE \"PEAKS3FEED_TEST", "CREATE TRANSIENT TABLE", "ALTER TABLE", "DROP TABLE IF EXISTS", "UPDATE", "EXECUTE IMMEDIATE",
    ];

    private static readonly string[] Parts =
    [
        "ADD COLUMN IF NOT EXISTS", "RENAME COLUMN", "ALTER COLUMN", "VALIDATION_MODE", "MERGE INTO", "DELETE FROM", "INSERT INTO", "AS SELECT",
        "PARSE_JSON", "TRY_PARSE_JSON", "TO_TIMESTAMP_NTZ", "TO_TIMESTAMP_TZ", "RAISE check_4", "retired = k.sequence", "m.shift", "WHERE m.kind = ''forget''", "WHERE c.kind = ''changed''",
        "SET epoch = epoch;", "WHERE NOT EXISTS", "''assumed''", "UPDATE SET", "object_key > ?", "AND bucket = ? AND object_key >= ?", "retired = CAST(? AS BIGINT)", "SELECT 1 FROM",
    ];

    private readonly List<string> _seen = [];

    public static TheoryData<string, LoadMode, bool> Tables
    {
        get
        {
            var tables = new TheoryData<string, LoadMode, bool>();
            foreach (var (i, name) in Awkward.Index())
                tables.Add(name, (LoadMode)(i % 3), i % 2 == 0);
            return tables;
        }
    }

    public static TheoryData<LoadMode, bool> Ways
    {
        get
        {
            var ways = new TheoryData<LoadMode, bool>();
            foreach (var mode in Enum.GetValues<LoadMode>())
            {
                ways.Add(mode, true);
                ways.Add(mode, false);
            }
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Each_statement_of_a_load_with_awkward_columns_follows_the_rules(LoadMode mode, bool audit)
    {
        // Names and types in several combinations.
        for (var i = 0; i < Types.Length; i += 4)
            await LoadAsync(Scene("a \"t'\\ $$ :n ? -- /* ;\nb", mode, audit, AwkwardColumns(i)));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public Task Each_statement_for_an_awkward_table_follows_the_rules(string table, LoadMode mode, bool audit)
        => LoadAsync(Scene(table, mode, audit, AwkwardColumns(0)));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_load_of_a_thousand_columns_fits_into_a_statement(LoadMode mode, bool audit)
    {
        var columns = Enumerable.Range(0, 1000)
            .Select(i => new FeedColumn($"column_{i:D4}_with_a_name_of_some_length", "f", Types[i % Types.Length]));
        await LoadAsync(Scene("orders", mode, audit, [.. columns]));
    }

    [Fact]
    public async Task Each_kind_of_statement_is_among_them()
    {
        foreach (var mode in Enum.GetValues<LoadMode>())
            await LoadAsync(Scene("plain", mode, audit: true, AwkwardColumns(0)));
        Assert.All(Kinds, k => Assert.Contains(_seen, s => s.StartsWith(k, StringComparison.Ordinal)));
        Assert.All(Parts, p => Assert.Contains(_seen, s => s.Contains(p, StringComparison.Ordinal)));
        // And none of another kind.
        Assert.All(_seen, s => Assert.Contains(Kinds.Append("SELECT 1 FROM"), k => s.StartsWith(k, StringComparison.Ordinal)));
    }

    private async Task LoadAsync(StatementScene scene)
    {
        await using var account = await RecordedAccount.StartAsync(scene.Definition);
        account.WarehouseName = "WH'\\ \"x";
        await scene.SendAllAsync(account);
        var lint = new StatementLint(scene.Names, [Host, Bucket, Key, .. scene.Secrets]);
        foreach (var (sql, values) in account.Statements)
        {
            SnowflakeStatement read;
            try
            {
                read = SnowflakeStatement.Read(sql, new SnowflakeScope("D", "S"));
            }
            catch (RefusalException e)
            {
                throw new Xunit.Sdk.XunitException($"{e.Message}\n{sql}", e);
            }
            Assert.True(read.Parameters == values.Count, sql);
            var problems = lint.Check(sql, values);
            Assert.True(
                problems.Count == 0,
                $"{string.Join('\n', problems.Distinct(StringComparer.Ordinal).Take(20))}\n{sql[..Math.Min(sql.Length, 8000)]}");
        }
        _seen.AddRange(account.Statements.Select(s => s.Sql));
    }

    private static StatementScene Scene(string table, LoadMode mode, bool audit, IReadOnlyList<FeedColumn> columns) => new()
    {
        Table = table,
        Columns = columns,
        Spec = new LoadSpec
        {
            Mode = mode, Audit = audit, Schema = new FeedSchema(columns),
            Key = mode == LoadMode.Upsert ? [columns[0].Name, columns[1].Name] : [],
        },
        Feed = Feed, Other = Other, Holder = new RunHolder(Run, Host, 1_987_070_123, DateTimeOffset.UnixEpoch),
        Source = new SourceObject(Bucket, Key, "etag'", 1_987_070_321, DateTimeOffset.UnixEpoch),
    };

    // All names, each with another type in each scene.
    private static List<FeedColumn> AwkwardColumns(int shift) =>
    [
        .. Awkward.Select((name, i) => new FeedColumn(name, "f" + i, Types[(i + shift) % Types.Length], Scale: 2, Nullable: i % 3 != 0)),
    ];
}
