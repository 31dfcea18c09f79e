using System.Globalization;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A folder of files, a feed "orders" and a SQLite database.</summary>
internal sealed class Loading : IDisposable
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder;
    private int _written;

    private Loading(TestFolder folder, TestStore store)
    {
        _folder = folder;
        Store = store;
    }

    public TestStore Store { get; }

    public string DatabasePath => _folder.File("warehouse.db");

    public static async Task<Loading> BeginAsync(Func<S3Feed, S3Feed>? configure = null)
    {
        var folder = new TestFolder();
        var database = new SqliteDestination { Name = "warehouse", Path = folder.File("warehouse.db") };
        return new Loading(folder, await TestStore.CreateAsync(folder.File("store"), folder.Sub("source"), database, configure));
    }

    /// <summary>Begins with two files, a commit for each, and a schema of the columns of the first one: id and name.</summary>
    /// <param name="second">The text of the second file.</param>
    /// <param name="configure">Changes the feed; or null.</param>
    public static async Task<Loading> BeginTwoCommitsAsync(string second, Func<S3Feed, S3Feed>? configure)
    {
        var loading = await BeginAsync(f => f with { CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
        loading.Write("b.csv", second);
        await loading.ChangeAsync(f => f with
        {
            Schema = new FeedSchema([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]),
            Csv = f.Csv with { Separator = "," },
        });
        if (configure is not null)
            await loading.ChangeAsync(configure);
        return loading;
    }

    public string PathOf(string name) => Path.Combine(_folder.Path, "source", name);

    /// <summary>Writes a file in place; each is newer than the one before.</summary>
    public void Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        File.SetLastWriteTimeUtc(PathOf(name), Beginning.AddSeconds(++_written));
    }

    /// <summary>Adds to a file that may be read at this moment: one write, so that no state in between is seen.</summary>
    public void Append(string name, string text) => File.AppendAllText(PathOf(name), text);

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>A header and rows with ids from 1.</summary>
    public static string Numbers(int rows, string end = "")
        => "id,note\n" + string.Concat(Enumerable.Range(1, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},row number {i}\n"))) + end;

    public Task<RunResult> RunAsync(ICommitObserver? observer = null, string feed = TestStore.FeedName, RunOptions? options = null)
        => Store.RunAsync(observer, feed: feed, options: options);

    public async Task<S3FeedRun> SucceedAsync(ICommitObserver? observer = null, RunOptions? options = null)
    {
        var result = await RunAsync(observer, options: options);
        Assert.True(result.Run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects, result.Error?.ToString() ?? result.Run.Status.ToString());
        return result.Run;
    }

    /// <summary>The id of the error that the run ends with.</summary>
    public async Task<string> FailAsync(ICommitObserver? observer = null, string feed = TestStore.FeedName)
    {
        var result = await RunAsync(observer, feed);
        Assert.Equal(RunStatus.Failed, result.Run.Status);
        Assert.NotNull(result.FeedError);
        return result.FeedError.Id;
    }

    public Task ChangeAsync(Func<S3Feed, S3Feed> change) => Store.ChangeFeedAsync(change);

    /// <summary>Rows as text, fields joined with a bar, NULL as ∅.</summary>
    public List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    /// <summary>Changes something by hand, as a person with a SQL client would.</summary>
    public void Execute(string sql) => Query(sql);

    public string Single(string sql) => Assert.Single(Query(sql));

    public void Dispose() => _folder.Dispose();
}
