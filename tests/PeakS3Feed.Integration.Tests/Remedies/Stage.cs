using System.Text;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Integration.Worker;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Remedies;

/// <summary>A store, a folder that stands in for a bucket and a person who types commands in one language. All goes after the scenario.</summary>
internal sealed class Stage(Language language, Stage.Typist type) : IDisposable
{
    private readonly List<string> _typed = [];

    /// <summary>Types one command as it stands.</summary>
    /// <param name="command">The command.</param>
    /// <param name="variables">Variables of the session.</param>
    /// <param name="confirms">Whether the person is asked, and says yes.</param>
    public delegate Task<Answer> Typist(string command, IReadOnlyDictionary<string, string?> variables, bool confirms);

    /// <summary>The suggested commands that were typed, as printed.</summary>
    public IReadOnlyList<string> Typed => _typed;

    public Language Language => language;

    /// <summary>What only a suggestion of another table holds.</summary>
    public string Table => language == Language.Shell ? " table=" : " -Table ";

    /// <summary>What only a suggestion of a connection's test holds.</summary>
    public string Test => language == Language.Shell ? "peaks3feed test " : "Test-S3Connection";

    /// <summary>What only a suggestion to look at rejects holds.</summary>
    public string Rejects => language == Language.Shell ? "--rejects" : "Get-S3FeedReject";

    public string Root { get; } = Directory.CreateTempSubdirectory("peaks3feed-remedy-").FullName;

    public string Store => Path.Combine(Root, "store");

    public string Bucket => Path.Combine(Root, "bucket");

    public string Database => Path.Combine(Store, "local.db");

    public string BucketUrl => new Uri(Bucket + Path.DirectorySeparatorChar).AbsoluteUri;

    /// <summary>Variables of the session.</summary>
    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Imports the connection <c>lake</c> and the feed <c>orders</c> of files under <c>in/</c>.</summary>
    /// <param name="more">More members of the feed's JSON.</param>
    /// <param name="fileType">The feed's file type.</param>
    public Task FeedAsync(string more = "", string fileType = "Csv") => ImportAsync(Feed("orders", "in/", more, fileType));

    /// <summary>The JSON of a feed.</summary>
    public static string Feed(string name, string path = "in/", string more = "", string fileType = "Csv")
        => $$"""{ "name": "{{name}}", "connectionName": "lake", "path": "{{path}}", "fileType": "{{fileType}}"{{(more.Length > 0 ? ", " + more : "")}} }""";

    /// <summary>Imports the connection <c>lake</c> and some feeds.</summary>
    public async Task ImportAsync(params IEnumerable<string> feeds)
        => await ImportDocumentAsync(
            $$"""{ "connections": [ { "name": "lake", "bucketName": "lake", "endpointUrl": "{{BucketUrl}}" } ], "feeds": [ {{string.Join(", ", feeds)}} ] }""");

    /// <summary>Imports a document.</summary>
    public async Task ImportDocumentAsync(string json)
    {
        Directory.CreateDirectory(Path.Combine(Bucket, "in"));
        await DefinitionImport.ApplyAsync(new DefinitionStore(StorePaths.Resolve(Store)), Encoding.UTF8.GetBytes(json), "the scenario");
    }

    /// <summary>Writes an object.</summary>
    public void Put(string key, string text) => Put(key, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes an object.</summary>
    public void Put(string key, byte[] content)
    {
        var path = Path.Combine(Bucket, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    /// <summary>Types a command.</summary>
    /// <param name="shell">The command in bash.</param>
    /// <param name="cmdlet">The command in PowerShell.</param>
    public Task<Answer> TryAsync(string shell, string cmdlet) => TypeAsync(language == Language.Shell ? shell : cmdlet, confirms: false);

    /// <summary>Types a command that must end well.</summary>
    public async Task<Answer> DoAsync(string shell, string cmdlet) => Ended(await TryAsync(shell, cmdlet), language == Language.Shell ? shell : cmdlet);

    /// <summary>Changes the time at which an object was written.</summary>
    public void Touch(string key, TimeSpan fromNow) => File.SetLastWriteTimeUtc(Path.Combine(Bucket, key), DateTime.UtcNow + fromNow);

    /// <summary>Types a command that must end in an error.</summary>
    public async Task<Answer> FailAsync(string id, string shell, string cmdlet) => Failed(id, await TypeAsync(language == Language.Shell ? shell : cmdlet, confirms: false));

    /// <summary>Runs the feed, which must end well.</summary>
    public Task<Answer> RunAsync(string feed = "orders") => DoAsync($"peaks3feed run {feed}", $"Invoke-S3Feed -Name {feed}");

    /// <summary>
    /// Runs the feed, which must end well, where nobody reads what the run prints. In a shell the engine runs it in this process: a process for
    /// each such run would take a third of the time of all scenarios.
    /// </summary>
    public async Task LoadAsync(string feed = "orders")
    {
        if (language == Language.PowerShell || Variables.Count > 0)
        {
            await RunAsync(feed);
            return;
        }
        var engine = new FeedEngine(StorePaths.Resolve(Store), new FeedEngineOptions());
        var result = await engine.RunAsync(feed, new RunOptions(), accessKey: null, progress: null, CancellationToken.None);
        Assert.True(result.Run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects or RunStatus.NothingToDo, result.Error?.ToString());
    }

    /// <summary>Runs the feed, which must end in an error.</summary>
    public Task<Answer> RunFailsAsync(string id, string feed = "orders") => FailAsync(id, $"peaks3feed run {feed}", $"Invoke-S3Feed -Name {feed}");

    /// <summary>Changes settings of the feed.</summary>
    public Task<Answer> SetAsync(string shell, string cmdlet, string feed = "orders") => DoAsync($"peaks3feed set {feed} {shell}", $"Set-S3Feed -Name {feed} {cmdlet}");

    /// <summary>Types a suggested command as printed, which must end well.</summary>
    /// <param name="answer">What suggests it.</param>
    /// <param name="part">A text that only this suggestion holds.</param>
    /// <param name="blank">What the person fills in, as it is marked: <c>&lt;COLUMN&gt;</c>.</param>
    /// <param name="filled">What the person writes there.</param>
    /// <param name="confirms">Whether the person is asked, and says yes.</param>
    public async Task<Answer> FollowAsync(Answer answer, string part, string? blank = null, string filled = "", bool confirms = false)
    {
        var printed = answer.Suggestion(part);
        _typed.Add(printed);
        var command = blank is null ? printed : printed.Replace(blank, filled, StringComparison.Ordinal);
        Assert.True(blank is null || command != printed, $"{printed} has no {blank} to fill in");
        Assert.False(command.Contains('<', StringComparison.Ordinal), $"{command} still has something to fill in");
        return Ended(await TypeAsync(command, confirms), command);
    }

    /// <summary>Types a command in a shell of its own, meanwhile.</summary>
    public Task<Answer> TypeAsideAsync(string command) => ShellSession.TypeAsync(command, Session(), confirms: false);

    /// <summary>Waits until a run of this store is under way, and gives its id.</summary>
    public Task<string> RunningAsync() => RunningAsync(Store);

    /// <summary>Waits until a run is under way, and gives its id.</summary>
    public static async Task<string> RunningAsync(string store)
    {
        var history = Path.Combine(store, "state.db");
        string? run = null;
        await TestLimits.UntilAsync(
            () =>
            {
                if (File.Exists(history) && new FileInfo(history).Length > 0 && WorkerStore.Query(history, "SELECT count(*) FROM sqlite_schema WHERE name = 'runs'") is [[1L]]
                    && WorkerStore.Query(history, "SELECT id FROM runs WHERE ended_at IS NULL") is [[var id], ..])
                    run = $"{id}";
                return run is not null;
            },
            $"run in {store}");
        return run!;
    }

    /// <summary>Checks that a table holds the rows with these ids, each once.</summary>
    public void Holds(string table, params IEnumerable<string> ids)
        => Assert.Equal(ids.Order(StringComparer.Ordinal), Query($"SELECT id FROM {table}").Select(r => $"{r[0]}").Order(StringComparer.Ordinal));

    /// <summary>The rows of a query in the local database.</summary>
    public List<object?[]> Query(string sql) => WorkerStore.Query(Database, sql);

    /// <summary>Changes the local database, as another program.</summary>
    public void Execute(string sql)
    {
        Directory.CreateDirectory(Store);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static Answer Ended(Answer answer, string command)
    {
        Assert.True(answer.Succeeded, $"{command}\n{answer.Text}");
        return answer;
    }

    private static Answer Failed(string id, Answer answer)
    {
        Assert.False(answer.Succeeded, answer.Text);
        Assert.True(answer.Ids.All(i => i == id), $"{string.Join(", ", answer.Ids)}, not {id}: {answer.Text}");
        return answer;
    }

    private Task<Answer> TypeAsync(string command, bool confirms) => type(command, Session(), confirms);

    private Dictionary<string, string?> Session()
    {
        var variables = new Dictionary<string, string?>(Variables, StringComparer.Ordinal);
        variables.TryAdd("PEAKS3FEED_HOME", Store);
        return variables;
    }
}
