using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Secrets;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.SnowflakeApi;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>An account that answers as a test needs it, and records the statements as they arrive there.</summary>
internal sealed partial class RecordedAccount : IAsyncDisposable
{
    /// <summary>How many rows a page of the ledger has.</summary>
    private const int PageRows = 20_000;

    private static readonly S3Connection Staging = new() { Name = "staging", BucketName = "acme-staging", Region = "eu-central-1" };

    private readonly FakeSqlApi _api;
    private readonly string _location;
    private readonly TestFolder _folder = new();
    private readonly ConcurrentQueue<(string Sql, IReadOnlyList<string> Values)> _statements = new();
    private bool _pageRead;

    private RecordedAccount(FakeSqlApi api, SnowflakeDestination definition)
    {
        _api = api;
        _location = new SnowflakeObjects(definition, new(Staging, [])).Location;
        api.PartitionSize = 2 * PageRows;
        api.Logins.AddOAuthToken("LOADER", SqlApiHarness.Token);
        api.Respond = Respond;
        Warehouse = SnowflakeWarehouse.Open(
            definition with { EndpointUrl = api.Url }, Staging, new SecretResolver(_ => SqlApiHarness.Token), Area, NullLoggerFactory.Instance,
            TimeProvider.System);
    }

    public SnowflakeWarehouse Warehouse { get; }

    /// <summary>The place for staged files.</summary>
    public FolderStagingArea Area => new(_folder.Path);

    /// <summary>The statements so far, each with its values.</summary>
    public IReadOnlyList<(string Sql, IReadOnlyList<string> Values)> Statements => [.. _statements];

    /// <summary>The tables that the catalog has, by their names in Snowflake, with their columns.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<TableColumn>> Tables { get; } = new(StringComparer.Ordinal);

    /// <summary>The ledger's state; null before the first claim.</summary>
    public (long Epoch, long Sequence, Guid Run)? State { get; set; }

    /// <summary>The loads that can be taken over.</summary>
    public IReadOnlyList<LedgerUnit> Units { get; set; } = [];

    /// <summary>The number of rows that each table has.</summary>
    public long Rows { get; set; }

    /// <summary>Whether the next COPY refuses a row.</summary>
    public bool RefusesRow { get; set; }

    /// <summary>The name of the session's warehouse.</summary>
    public string WarehouseName { get; set; } = "WH";

    public static async Task<RecordedAccount> StartAsync(SnowflakeDestination definition) => new(await FakeSqlApi.StartAsync(), definition);

    public async ValueTask DisposeAsync()
    {
        await Warehouse.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex("^CREATE TABLE (IF NOT EXISTS )?\"(?<name>(\"\"|[^\"])*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CreatePattern();

    private FakeSqlStatement Respond(SqlApiCall call)
    {
        var (sql, values) = (call.Statement, Values(call));
        _statements.Enqueue((sql, values));
        if (CreatePattern().Match(sql) is { Success: true } created)
            Tables.TryAdd(created.Groups["name"].Value.Replace("\"\"", "\"", StringComparison.Ordinal), [new("MADE", "NUMBER(38,0)", Required: false)]);
        if (sql.StartsWith("SHOW ", StringComparison.Ordinal))
            return Named(("name", WarehouseName), ("state", "SUSPENDED"), ("auto_resume", "true"));
        if (sql.StartsWith("DESC ", StringComparison.Ordinal))
            return Named(("property", "URL"), ("property_value", $"[\"{_location}\"]"));
        if (sql.StartsWith("COPY ", StringComparison.Ordinal) && sql.Contains("RETURN_ALL_ERRORS", StringComparison.Ordinal))
            return Named(("ERROR", "Numeric value 'x' is not recognized"), ("COLUMN_NAME", "\"T\"[\"C\":3]"), ("REJECTED_RECORD", "0,0,x"));
        if (sql.StartsWith("COPY ", StringComparison.Ordinal) && RefusesRow)
        {
            RefusesRow = false;
            const string Message = "Numeric value 'x' is not recognized\n  File 'a.csv.gz', line 1, character 5\n  Row 1, column \"T\"[\"C\":3]";
            return new() { Failure = (422, "100038", "22018", Message) };
        }
        if (sql.StartsWith("UPDATE ", StringComparison.Ordinal) && values.Count > 0)
            return Claim(values);
        return sql.StartsWith("SELECT", StringComparison.Ordinal) ? new() { Rows = Select(sql, values) } : new();
    }

    // The last value is the epoch before.
    private FakeSqlStatement Claim(IReadOnlyList<string> values)
    {
        State = (State!.Value.Epoch + 1, State.Value.Sequence, Guid.Parse(values[3]));
        return new() { Stats = new JsonObject { ["numRowsUpdated"] = 1 } };
    }

    private IReadOnlyList<IReadOnlyList<string?>> Select(string sql, IReadOnlyList<string> values)
    {
        bool Has(string part) => sql.Contains(part, StringComparison.Ordinal);
        if (Has("FROM INFORMATION_SCHEMA.TABLES t"))
            return [.. Tables.Where(t => values.Contains(t.Key, StringComparer.Ordinal)).SelectMany(t => t.Value.Select(c => Column(t.Key, c)))];
        if (Has("FROM INFORMATION_SCHEMA.TABLES"))
            return [.. Tables.Keys.Where(k => k.StartsWith(values[2], StringComparison.Ordinal)).Select(k => new[] { k })];
        if (Has("k.format_version"))
            return ReadState();
        if (Has("l.retired, MIN(l.sequence)"))
            return [.. Units.Select(Unit)];
        if (Has("PARTITION BY object_key"))
            return ReadPage();
        if (Has("SELECT COALESCE(SUM(object_count)"))
            return [["1", "1", "1", "Append"]];
        if (Has("MIN('s3://'"))
            return [[null, "0"]];
        if (Has("CURRENT_VERSION()"))
            return [["10.1", "USER", "ROLE", WarehouseName, "DB", "SCHEMA"]];
        return Has("SELECT COUNT(*) FROM") ? [[Number(Rows)]] : [];
    }

    private IReadOnlyList<IReadOnlyList<string?>> ReadState()
    {
        if (State is not { } state)
        {
            State = (1, 0, Guid.Empty); // as the INSERT that follows creates it
            return [];
        }
        return
        [
            [
                "1", Number(state.Epoch), Number(state.Sequence), "", null, null, state.Run.ToString("D"), "", "0", "1970-01-01T00:00:00.000000Z",
                Number(Rows),
            ],
        ];
    }

    // A whole page, and then the last one.
    private IReadOnlyList<IReadOnlyList<string?>> ReadPage()
    {
        _pageRead = !_pageRead;
        return [.. Enumerable.Range(0, _pageRead ? PageRows : 0).Select(i => new[] { $"key'{i:D5}", "etag", "1" })];
    }

    private static string?[] Unit(LedgerUnit unit) =>
    [
        unit.FeedId.ToString("D"), unit.Table, Number(unit.Retired), Number(unit.FirstSequence), Number(unit.LastSequence), Number(unit.Loads),
        Number(unit.Objects), "2026-01-01T00:00:00.000000Z", "1", "1",
    ];

    private static string?[] Column(string table, TableColumn column)
        => [table, "BASE TABLE", column.Name, column.Type, "5", "5", "0", "YES", "0", "9"];

    private static IReadOnlyList<string> Values(SqlApiCall call)
    {
        if (call.Member("bindings") is not { Length: > 0 } text)
            return [];
        using var bindings = JsonDocument.Parse(text);
        return
        [
            .. bindings.RootElement.EnumerateObject().OrderBy(b => int.Parse(b.Name, CultureInfo.InvariantCulture)).Select(b =>
            {
                Assert.Equal("TEXT", b.Value.GetProperty("type").GetString());
                return b.Value.GetProperty("value").GetString()!;
            }),
        ];
    }

    private static FakeSqlStatement Named(params (string Name, string Value)[] row)
        => new() { Columns = [.. row.Select(c => c.Name)], Rows = [[.. row.Select(c => c.Value)]] };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
