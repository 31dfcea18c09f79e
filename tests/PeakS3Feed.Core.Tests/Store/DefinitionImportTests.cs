using System.Text;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

public class DefinitionImportTests
{
    private const string ByHand = """
        {
          // for trying out
          "connections": [{"name": "demo", "bucketName": "acme", "endpointUrl": "file:///data"}],
          "feeds": [
            {
              "name": "orders", "connectionName": "Demo", "path": "orders/", "fileType": "csv", "loadType": "Upsert",
              "primaryKey": ["id"], "failedRowThreshold": "1%", "csv": {"separator": "`t", "quote": "None"},
            },
            {"name": "log", "connectionName": "demo", "fileType": "Csv", "failedRowThreshold": 25, "csv": {"separator": "\\t"}}
          ]
        }
        """;

    private static ImportReport Read(string json, StoreDefinitions? current = null)
        => DefinitionImport.Read(Encoding.UTF8.GetBytes(json), current ?? StoreDefinitions.Empty);

    [Fact]
    public void A_document_written_by_hand_is_read()
    {
        var report = Read(ByHand);
        Assert.Empty(report.Problems);
        var orders = report.Definitions.FindFeed("orders")!;
        Assert.Equal(
            (LoadType.Upsert, "\t", null, "1%"), (orders.LoadType, orders.Csv.Separator, orders.Csv.Quote, orders.FailedRowThreshold.ToString()));
        var log = report.Definitions.FindFeed("log")!;
        Assert.Equal(("\t", '"', "25"), (log.Csv.Separator, log.Csv.Quote!.Value, log.FailedRowThreshold.ToString()));
        Assert.Equal(
            ["connection demo Added", "feed orders Added", "feed log Added"],
            report.Changes.Select(c => $"{c.Kind} {c.Name} {c.Outcome}"));
    }

    [Fact]
    public void A_feed_under_a_new_name_keeps_its_table_however_often_it_is_imported()
    {
        var first = Read(ByHand).Definitions;
        var id = first.FindFeed("log")!.Id;
        var renamed = ByHand.Replace("\"name\": \"log\"", $"\"id\": \"{id}\", \"name\": \"journal\"", StringComparison.Ordinal);
        var once = Read(renamed, first).Definitions;
        Assert.Equal(("journal", "log"), (once.FindFeed(id)!.Name, once.FindFeed(id)!.Table));
        Assert.All(Read(renamed, once).Changes, c => Assert.Equal(ImportOutcome.Unchanged, c.Outcome));
        var elsewhere = Read(renamed.Replace("\"journal\"", "\"journal\", \"table\": \"t\"", StringComparison.Ordinal), once).Definitions;
        Assert.Equal("t", elsewhere.FindFeed(id)!.TableName);
    }

    [Fact]
    public void What_the_store_found_out_stays()
    {
        var first = Read(ByHand).Definitions;
        var orders = first.FindFeed("orders")!;
        var schema = new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt)]);
        var current = first
            .With(first.FindConnection("demo")! with { Status = ConnectionStatus.Verified, ExternalId = "found-out" })
            .With(orders with { Schema = schema });
        var same = Read(ByHand, current);
        Assert.Empty(same.Problems);
        Assert.All(same.Changes, c => Assert.Equal(ImportOutcome.Unchanged, c.Outcome));
        var changed = Read(ByHand.Replace("acme", "other", StringComparison.Ordinal).Replace("\"1%\"", "7", StringComparison.Ordinal), current);
        Assert.Equal([ImportOutcome.Changed, ImportOutcome.Changed, ImportOutcome.Unchanged], changed.Changes.Select(c => c.Outcome));
        Assert.Equal((ConnectionStatus.Untested, "found-out"), (changed.Definitions.Connections[0].Status, changed.Definitions.Connections[0].ExternalId));
        Assert.Equal((orders.Id, schema), (changed.Definitions.FindFeed("orders")!.Id, changed.Definitions.FindFeed("orders")!.Schema));
    }

    [Fact]
    public void A_new_connection_that_may_get_a_role_gets_an_external_id_of_its_own_and_keeps_it()
    {
        const string Document = """
            { "connections": [
              { "name": "one", "bucketName": "acme", "region": "eu-west-1" },
              { "name": "two", "bucketName": "acme", "region": "eu-west-1" },
              { "name": "given", "bucketName": "acme", "region": "eu-west-1", "externalId": "mine" },
              { "name": "public", "bucketName": "acme", "region": "eu-west-1", "anonymous": true },
              { "name": "folder", "bucketName": "acme", "endpointUrl": "file:///data/" } ] }
            """;
        var made = Read(Document).Definitions;
        var (one, two) = (made.FindConnection("one")!, made.FindConnection("two")!);
        Assert.Matches("^[0-9a-f]{32}$", one.ExternalId);
        Assert.NotEqual(one.ExternalId, two.ExternalId);
        Assert.Equal(("mine", null, null), (made.FindConnection("given")!.ExternalId, made.FindConnection("public")!.ExternalId, made.FindConnection("folder")!.ExternalId));

        var again = Read(Document, made);
        Assert.All(again.Changes, c => Assert.Equal((ImportOutcome.Unchanged, false), (c.Outcome, c.OutdatesPolicy)));
        Assert.Equal(one.ExternalId, again.Definitions.FindConnection("one")!.ExternalId);
    }

    [Theory]
    [InlineData("\"bucketName\": \"other\", \"region\": \"eu-west-1\"", true)]
    [InlineData("\"bucketName\": \"acme\", \"region\": \"eu-west-2\"", true)]
    [InlineData("\"bucketName\": \"acme\", \"region\": \"eu-west-1\", \"rootPath\": \"in/\"", true)]
    [InlineData("\"bucketName\": \"acme\", \"region\": \"eu-west-1\", \"roleArn\": \"arn:aws:iam::123456789012:role/x\"", false)]
    public void Changing_bucket_region_or_root_path_outdates_the_policy(string members, bool outdated)
    {
        var made = Read("""{ "connections": [ { "name": "acme", "bucketName": "acme", "region": "eu-west-1" } ] }""");
        Assert.False(Assert.Single(made.Changes).OutdatesPolicy);
        var change = Assert.Single(Read($$"""{ "connections": [ { "name": "acme", {{members}} } ] }""", made.Definitions).Changes);
        Assert.Equal((ImportOutcome.Changed, outdated), (change.Outcome, change.OutdatesPolicy));
    }

    [Fact]
    public void A_detected_separator_stays_where_the_document_says_Auto()
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "demo", Csv = new CsvOptions { Separator = ";" } };
        var current = StoreDefinitions.Empty.With(new S3Connection { Name = "demo", BucketName = "acme" }).With(feed);
        var report = Read("""{"feeds":[{"name":"f","connectionName":"demo","csv":{"separator":"Auto"}}]}""", current);
        Assert.Equal(";", report.Definitions.FindFeed("f")!.Csv.Separator);
    }

    [Fact]
    public void A_comma_that_an_older_format_meant_stays_where_a_document_says_nothing()
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "demo", Csv = new CsvOptions { Separator = "," } };
        var current = StoreDefinitions.Empty.With(new S3Connection { Name = "demo", BucketName = "acme" }).With(feed);
        var again = Read("""{"feeds":[{"name":"f","connectionName":"demo"},{"name":"g","connectionName":"demo"}]}""", current).Definitions;
        Assert.False(again.FindFeed("f")!.Csv.IsSeparatorUnset);
        Assert.True(again.FindFeed("g")!.Csv.IsSeparatorUnset);
        var named = Read("""{"feeds":[{"name":"f","connectionName":"demo","csv":{"separator":"Pipe"}}]}""", current).Definitions;
        Assert.Equal("|", named.FindFeed("f")!.Csv.Separator);
    }

    [Fact]
    public void The_line_end_of_an_older_format_stays_where_a_document_says_nothing()
    {
        var feed = new S3Feed { Name = "f", ConnectionName = "demo", Csv = new CsvOptions { LineEnd = CsvLineEndRule.First } };
        var current = StoreDefinitions.Empty.With(new S3Connection { Name = "demo", BucketName = "acme" }).With(feed);
        var again = Read("""{"feeds":[{"name":"f","connectionName":"demo"},{"name":"g","connectionName":"demo"}]}""", current).Definitions;
        Assert.Equal((CsvLineEndRule.First, CsvLineEndRule.Auto), (again.FindFeed("f")!.Csv.LineEnd, again.FindFeed("g")!.Csv.LineEnd));
        var named = Read("""{"feeds":[{"name":"f","connectionName":"demo","csv":{"lineEnd":"auto"}}]}""", current).Definitions;
        Assert.Equal(CsvLineEndRule.Auto, named.FindFeed("f")!.Csv.LineEnd);
        var old = Read("""{"formatVersion":"1.1","feeds":[{"name":"g","connectionName":"demo"}]}""", current).Definitions;
        Assert.Equal(CsvLineEndRule.First, old.FindFeed("g")!.Csv.LineEnd);
    }

    [Fact]
    public void A_feed_of_JSON_has_no_separator()
    {
        var report = Read("""{"connections":[{"name":"demo","bucketName":"acme","endpointUrl":"file:///data"}],"feeds":[{"name":"f","connectionName":"demo","fileType":"Json","csv":{"separator":"Comma"}}]}""");
        Assert.Equal("$.feeds[0].csv.separator", Assert.Single(report.Problems).Path);
    }

    [Fact]
    public void A_given_id_wins_over_the_name()
    {
        var current = Read(ByHand).Definitions;
        var orders = current.FindFeed("orders")!;
        var renamed = Read($$"""{"feeds":[{"id":"{{orders.Id}}","name":"sales","connectionName":"demo"}]}""", current);
        Assert.Equal(["sales", "log"], renamed.Definitions.Feeds.Select(f => f.Name));
        var id = Guid.NewGuid();
        var replaced = Read($$"""{"feeds":[{"id":"{{id}}","name":"orders","connectionName":"demo"}]}""", current);
        Assert.Equal(id, replaced.Definitions.FindFeed("orders")!.Id);
        Assert.Equal(2, replaced.Definitions.Feeds.Count);
        var clash = Read($$"""{"feeds":[{"id":"{{orders.Id}}","name":"log","connectionName":"demo"}]}""", current);
        Assert.Equal("$.feeds[0].name", Assert.Single(clash.Problems).Path);
    }

    [Theory]
    [InlineData("""{"conections":[]}""", "$.conections", "Did you mean connections?")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","primaryKeys":["a"]}]}""", "$.feeds[0].primaryKeys", "Did you mean primaryKey?")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","csv":{"Separator":"Tab"}}]}""", "$.feeds[0].csv.Separator", "Did you mean separator?")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","fileType":"xml"}]}""", "$.feeds[0].fileType", "must be Csv, Json or Ndjson")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","loadType":2}]}""", "$.feeds[0].loadType", "must be Incremental, Upsert or TruncateInsert")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","enabled":"yes"}]}""", "$.feeds[0].enabled", "must be true or false")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","historicalDate":"31.01.2026"}]}""", "$.feeds[0].historicalDate", "2026-01-31")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","primaryKey":"id"}]}""", "$.feeds[0].primaryKey", "an array")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","tags":["a",null]}]}""", "$.feeds[0].tags[1]", "null")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","failedRowThreshold":-1}]}""", "$.feeds[0].failedRowThreshold", "1%")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","schema":[{"name":"a","type":"decimal(38,39)"}]}]}""", "$.feeds[0].schema[0].type", "decimal(38,SCALE)")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","csv":{"quote":"''"}}]}""", "$.feeds[0].csv.quote", "one character")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo2"}]}""", "$.feeds[0].connectionName", "Did you mean demo?")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","destinationNames":["lokal"]}]}""", "$.feeds[0].destinationNames", "Did you mean local?")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo","loadType":"Upsert"}]}""", "$.feeds[0].primaryKey", "needs a primary key")]
    [InlineData("""{"feeds":[{"connectionName":"demo"}]}""", "$.feeds[0].name", "missing")]
    [InlineData("""{"feeds":[{"name":"f","connectionName":"demo"},{"name":"F","connectionName":"demo"}]}""", "$.feeds[1].name", "twice")]
    [InlineData("""{"feeds":[{"name":"f","name":"g","connectionName":"demo"}]}""", "$.feeds[0].name", "twice")]
    [InlineData("""{"destinations":[{"name":"w","path":"w.db"}]}""", "$.destinations[0].kind", "missing")]
    [InlineData("""{"destinations":[{"kind":"Sqlite","name":"w","path":"w.db","host":"h"}]}""", "$.destinations[0].host", "no host")]
    [InlineData("""{"destinations":[{"kind":"Sqlite","name":"local","path":"w.db"}]}""", "$.destinations[0].name", "local")]
    [InlineData("""{"destinations":[{"kind":"PostgreSql","name":"w","host":"h","database":"d","password":"hunter2"}]}""", "$.destinations[0].password", "vault:VAULT/NAME")]
    [InlineData("""{"destinations":[{"kind":"PostgreSql","name":"w","host":"h","database":"d","password":4711}]}""", "$.destinations[0].password", "must be a text")]
    [InlineData("""{"formatVersion":"3.1"}""", "$.formatVersion", "3.1")]
    [InlineData("""{"feeds": hunter2}""", "$", "not JSON")]
    public void What_is_wrong_is_named_with_its_place(string json, string path, string says)
    {
        var current = StoreDefinitions.Empty.With(new S3Connection { Name = "demo", BucketName = "acme" });
        var report = Read("\n\n" + json, current);
        var problem = report.Problems.First(p => p.Path == path);
        Assert.Contains(says, problem.Message + problem.Hint, StringComparison.Ordinal);
        if (path != "$.formatVersion") Assert.Equal(3, problem.Line);
        Assert.All(report.Problems, p => Assert.DoesNotContain("hunter2", p.ToString() + p.Hint, StringComparison.Ordinal));
        Assert.Same(current, report.Definitions);
        Assert.Empty(report.Changes);
    }

    [Fact]
    public void All_problems_are_found_at_once_in_the_texts_order()
    {
        var report = Read("""
            {"connections": [{"name": "1", "bucketName": "acme", "region": "eu-west-1"}],
             "feeds": [{"name": "f_", "connectionName": "x"},
                       {"name": "g", "connectionName": "1", "path": "a"}]}
            """);
        Assert.Equal([1, 2, 2, 3], report.Problems.Select(p => p.Line!.Value));
    }

    [Fact]
    public void A_new_root_path_leaves_no_stored_feed_outside()
    {
        var store = Read("""
            {"connections": [{"name": "demo", "bucketName": "acme", "region": "eu-west-1"}],
             "feeds": [{"name": "in", "connectionName": "Demo", "path": "sales/eu/"}, {"name": "whole", "connectionName": "demo"},
                       {"name": "out", "connectionName": "demo", "path": "salaries/"}, {"name": "top", "connectionName": "demo", "path": "/"}]}
            """).Definitions;
        const string Narrower = """{"connections": [{"name": "DEMO", "bucketName": "acme", "region": "eu-west-1", "rootPath": "sales/"}]}""";
        var problem = Assert.Single(Read(Narrower, store).Problems);
        Assert.Equal("$.connections[0].rootPath", problem.Path);
        Assert.Contains("\"sales/\"", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(": out, top.", problem.Message, StringComparison.Ordinal);

        // Those that the document speaks of are held against the new root path by themselves.
        var moved = Narrower[..^1] + """, "feeds": [{"name": "out", "connectionName": "demo", "path": "sales/us/"}, {"name": "top", "connectionName": "demo"}]}""";
        Assert.Empty(Read(moved, store).Problems);
        var unmoved = Narrower[..^1] + """, "feeds": [{"name": "out", "connectionName": "demo", "path": "salaries/"}, {"name": "top", "connectionName": "demo"}]}""";
        Assert.Equal("$.feeds[0].path", Assert.Single(Read(unmoved, store).Problems).Path);
    }

    [Fact]
    public async Task An_import_is_all_or_nothing()
    {
        using var folder = new TemporaryFolder();
        var store = new DefinitionStore(StorePaths.Resolve(folder.Path));
        var report = await DefinitionImport.ApplyAsync(store, Encoding.UTF8.GetBytes(ByHand), "demo.json");
        Assert.Equal(3, report.Changes.Count);
        Assert.Equal(2, (await store.ReadAsync()).Feeds.Count);
        var error = await Assert.ThrowsAsync<FeedException>(() => DefinitionImport.ApplyAsync(
            store, """{"connections":[{"name":"two","bucketName":"b"}],"feeds":[{"name":"f","connectionName":"x"},{"nam":1}]}"""u8.ToArray(), "bad.json"));
        Assert.Equal("ImportInvalid", error.Id);
        Assert.StartsWith("bad.json was not imported: line 1, $.feeds[1].nam", error.Message, StringComparison.Ordinal);
        Assert.Single((await store.ReadAsync()).Connections);
    }
}
