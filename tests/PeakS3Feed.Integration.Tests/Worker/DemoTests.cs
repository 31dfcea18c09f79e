using System.Text.RegularExpressions;

namespace PeakS3Feed.Integration.Worker;

public sealed class DemoTests : IDisposable
{
    private readonly WorkerStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_demo_shows_its_steps_and_ends_with_a_query_that_works()
    {
        var folder = Path.Combine(_store.Root, "demo");
        var result = (await _store.RunAsync("demo", "--keep", folder)).Exits(0);
        foreach (var command in new[] { "import ", "test public_data", "preview zipcodes", "run '*' --plan", "run '*'\n", "run weather\n", "runs weather --rejects" })
            Assert.Contains($"\n$ peaks3feed {command}", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n{\n  \"connections\": [\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<![\d,.])1 (objects|rows|files|runs|commits|rejects|columns)\b", result.Output);
        Assert.Contains("nothing to do", result.Output, StringComparison.Ordinal);
        Assert.Contains("s3://public-data/weather/seattle-2015.csv, line 42, column \"temp_max\": \"mild\" is not a decimal", result.Output, StringComparison.Ordinal);

        var database = Path.Combine(folder, "store", "local.db");
        Assert.Equal([2922L, 2922L], WorkerStore.Query(database, "SELECT count(*), count(DISTINCT location || date) FROM weather")[0]);
        Assert.Equal([3377L, 3377L], WorkerStore.Query(database, "SELECT count(*), count(DISTINCT iata) FROM airports")[0]);
        Assert.Equal([42050L, 42050L], WorkerStore.Query(database, "SELECT count(*), count(DISTINCT zip_code) FROM zipcodes")[0]);
        Assert.Equal(["Harry Reid International"], WorkerStore.Query(database, "SELECT name FROM airports WHERE iata = 'LAS'")[0]);

        var query = Regex.Match(result.Output, "\\$ sqlite3 .* \"(?<sql>SELECT [^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        var rows = WorkerStore.Query(database, query.Groups["sql"].Value);
        Assert.Equal(5, rows.Count);
        Assert.All(rows, r => Assert.StartsWith("0", (string)r[0]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demo_does_not_touch_a_folder_that_holds_something()
    {
        File.WriteAllText(Path.Combine(_store.Root, "mine.txt"), "");
        var result = (await _store.RunAsync("demo", "--keep", _store.Root)).Exits(2);
        Assert.Contains("is not empty", result.Error, StringComparison.Ordinal);
    }
}
