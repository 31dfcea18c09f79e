using System.IO.Compression;
using System.Text;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>What files suggest that cannot be read, or not as the feed says.</summary>
internal static class FileScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Skipped("A gzip file is cut short", "GzipTruncated", "FormatErrors.GzipTruncated", "Csv", _ => Zipped("id\n8\n")[..^6]),
        Skipped("A gzip file is corrupt", "GzipCorrupt", "FormatErrors.GzipCorrupt", "Csv", _ => [.. Zipped("id\n8\n")[..^8], 1, 2, 3, 4, 5, 0, 0, 0]),
        Skipped("A file is UTF-16", "EncodingNotUtf8", "FormatErrors.EncodingNotUtf8", "Csv", _ => [0xff, 0xfe, .. Encoding.Unicode.GetBytes("id\n8\n")]),
        Skipped("A header is not UTF-8", "CsvHeaderInvalid", "FormatErrors.CsvHeaderNotText", "Csv", _ => Encoding.Latin1.GetBytes("id,größe\n8,1\n")),
        Skipped("A quote is never closed", "CsvQuoteNotClosed", "FormatErrors.CsvQuoteNotClosed", "Csv", _ => Text("id\n\"8\n")),
        Skipped("A CSV row is too long", "CsvRowTooLong", "FormatErrors.CsvRowTooLong", "Csv", _ => Text("id\n" + new string('8', (16 << 20) + 2) + "\n")),
        Footer(),
        Skipped("A JSON array is broken", "JsonInvalid", "JsonErrors.Invalid", "Json", _ => Text("[{\"id\":8},}{]")),
        Skipped("A JSON array is cut short", "JsonTruncated", "JsonErrors.Truncated", "Json", _ => Text("[{\"id\":8},{\"id\":")),
        Skipped("A JSON row is too long", "JsonRowTooLong", "JsonErrors.RowTooLong", "Json", _ => Text("[{\"id\":\"" + new string('8', (16 << 20) + 2) + "\"}]")),
        Skipped("JSON objects have too many fields", "JsonTooManyFields", "JsonErrors.TooManyFields", "Json", _ => Text($"[{{{string.Join(',', Enumerable.Range(0, 16_500).Select(i => $"\"f{i}\":1"))}}}]")),
        Skipped("A zip archive has a name of text", "FileNotText", "FormatErrors.FileNotText", "Csv", _ => Archive()),
        new("A file begins with Excel's line", ["FormatErrors.CsvHeaderNamesSeparator: FeedSetting SkipRows csv.skipRows", "FormatErrors.CsvHeaderNamesSeparator: FeedSetting Separator Auto csv.separator"], async stage =>
        {
            await stage.FeedAsync("\"csv\": { \"separator\": \"Comma\" }");
            stage.Put("in/a.csv", "sep=;\nid;name\n1;Ann\n2;Ben\n");
            var refused = await stage.RunFailsAsync("CsvHeaderInvalid");
            await stage.FollowAsync(refused, "skipRows");
            await stage.FollowAsync(refused, "Separator");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
            Assert.Equal("Ben", stage.Query("SELECT name FROM orders WHERE id = 2")[0][0]);
        }),
        new("Objects one a line are no JSON array", ["JsonErrors.IsObject: FeedSetting FileType Ndjson"], async stage =>
        {
            await stage.FeedAsync(fileType: "Json");
            stage.Put("in/a.json", "{\"id\":1}\n{\"id\":2}\n");
            await stage.FollowAsync(await stage.RunFailsAsync("JsonNotArray"), "Ndjson");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A file of lines is one array", ["FeedRunErrors.ArrayRemedies: SetFeed FileType Json"], async stage =>
        {
            await stage.FeedAsync(fileType: "Ndjson");
            stage.Put("in/a.json", "[{\"id\":1},{\"id\":2}]\n");
            await stage.FollowAsync(await stage.RunFailsAsync("FailedRowThresholdExceeded"), "FileType");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A backslash stands before quotes", ["FeedRunErrors.QuoteRemedies: SetFeed", "CsvQuoteSettings..cctor: FeedSetting Escape csv.escape"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,note\n1,\"a \\\"b\\\" c\"\n2,x\n");
            await stage.FollowAsync(await stage.RunFailsAsync("FailedRowThresholdExceeded"), "Escape");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/a \"b\" c", "2/x");
        }),
        new("A quote is text", ["CsvQuoteSettings..cctor: FeedSetting Quote None csv.quote"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id,note\n1,\"tall\n2,x\n");
            await stage.FollowAsync(await stage.RunFailsAsync("CsvQuoteNotClosed"), "Quote");
            await stage.LoadAsync();
            stage.Holds("(SELECT id || '/' || note AS id FROM orders)", "1/\"tall", "2/x");
        }),
        new("A file has more fields than a table takes", ["SchemaErrors.TooManyColumns: FeedSetting SchemaEvolution Ignore"], async stage =>
        {
            await stage.FeedAsync();
            stage.Put("in/a.csv", "id\n1\n");
            await stage.LoadAsync();
            stage.Put("in/b.csv", $"id,{string.Join(',', Enumerable.Range(0, 1_100).Select(i => $"f{i}"))}\n2{new string(',', 1_100)}\n");
            await stage.FollowAsync(await stage.RunFailsAsync("TooManyColumns"), "Ignore");
            await stage.LoadAsync();
            stage.Holds("orders", "1", "2");
        }),
        new("A strict feed takes a new field", ["RowErrors.NewField: SetFeed SchemaEvolution AddColumns"], async stage =>
        {
            await NewFieldAsync(stage, "AddColumns");
            Assert.Equal("x", stage.Query("SELECT note FROM orders WHERE id = 2")[0][0]);
        }),
        new("A strict feed leaves a new field out", ["RowErrors.NewField: SetFeed SchemaEvolution Ignore"], stage => NewFieldAsync(stage, "Ignore")),
    ];

    // The feed leaves the file out, and takes it when it is written again.
    private static Scenario Skipped(string name, string id, string method, string fileType, Func<Stage, byte[]> bad) => new(name, [$"{method}: SkipBadFiles"], async stage =>
    {
        var extension = fileType.ToLowerInvariant();
        string Good(params int[] ids) => fileType == "Csv" ? $"id\n{string.Concat(ids.Select(i => $"{i}\n"))}" : $"[{string.Join(',', ids.Select(i => $"{{\"id\":{i}}}"))}]";
        await stage.FeedAsync(fileType: fileType);
        stage.Put($"in/a.{extension}", Good(1, 2));
        await stage.LoadAsync();
        stage.Put($"in/b.{extension}", bad(stage));
        stage.Put($"in/c.{extension}", Good(3));
        var refused = await stage.RunFailsAsync(id);
        stage.Holds("orders", "1", "2");
        await stage.FollowAsync(refused, "OnBadFile");
        await stage.LoadAsync();
        stage.Holds("orders", "1", "2", "3");
        stage.Put($"in/b.{extension}", Good(8, 9));
        await stage.LoadAsync();
        stage.Holds("orders", "1", "2", "3", "8", "9");
    });

    // The rows that are held back are too long.
    private static Scenario Footer() => new("The last rows are too long", ["FormatErrors.CsvFooterTooLong: SkipBadFiles"], async stage =>
    {
        await stage.FeedAsync("\"csv\": { \"skipLastRows\": 2 }");
        stage.Put("in/a.csv", "id\n1\n2\n\"the end\"\n3\n");
        var row = new string('8', 10 << 20) + "\n";
        stage.Put("in/b.csv", "id\n" + row + row + row);
        stage.Touch("in/b.csv", TimeSpan.FromHours(-1)); // not the newest one, of which the columns are inferred
        await stage.FollowAsync(await stage.RunFailsAsync("CsvFooterTooLong"), "OnBadFile");
        await stage.LoadAsync();
        stage.Holds("orders", "1", "2");
    });

    private static async Task NewFieldAsync(Stage stage, string evolution)
    {
        await stage.FeedAsync("\"schemaEvolution\": \"Strict\"");
        stage.Put("in/a.csv", "id\n1\n");
        await stage.LoadAsync();
        stage.Put("in/b.csv", "id,note\n2,x\n");
        await stage.FollowAsync(await stage.RunFailsAsync("NewField"), evolution);
        await stage.LoadAsync();
        stage.Holds("orders", "1", "2");
    }

    private static byte[] Archive()
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("b.csv").Open())
            entry.Write(Text("id\n8\n"));
        return target.ToArray();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Zipped(string text)
    {
        using var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionLevel.Optimal))
            zip.Write(Text(text));
        return target.ToArray();
    }
}
