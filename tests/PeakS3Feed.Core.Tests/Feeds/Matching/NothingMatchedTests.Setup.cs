using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Feeds.Matching;

/// <content>The files, the feed and the commands of the tests.</content>
public sealed partial class NothingMatchedTests
{
    private void Put(string key, string text = "id\n1\n")
    {
        var path = Path.Combine(_folder["bucket"], key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task MakeAsync(Func<S3Feed, S3Feed> configure, string rootPath = "/")
    {
        Directory.CreateDirectory(_folder["bucket"]);
        await _engine.Definitions.AddAsync(new S3Connection
        {
            Name = "lake", BucketName = "acme", RootPath = rootPath, EndpointUrl = new Uri(_folder["bucket"] + "/").AbsoluteUri,
        });
        await _engine.Definitions.AddAsync(configure(new S3Feed { Name = "orders", ConnectionName = "lake" }));
    }

    private Task<RunResult> RunAsync() => _engine.RunAsync("orders", new RunOptions(), accessKey: null, progress: null, default);

    private async Task<FeedWarning> WarnAsync()
    {
        var result = await RunAsync();
        Assert.Null(result.Error);
        Assert.Equal(RunStatus.NothingMatched, result.Run.Status);
        Assert.Equal("none matched", Quantities.Status(result.Run));
        var stored = Assert.Single(await _engine.Runs.ListAsync("orders", new RunFilter { Last = 1 }, default).ToListAsync());
        Assert.Equal(RunStatus.NothingMatched, stored.Status);
        var warning = Assert.Single(stored.Warnings);
        Assert.Equal("NothingMatched", warning.Id);
        return warning;
    }

    // The command, as the program takes it: its quotes are those of a shell.
    private async Task TypeAsync(string command)
    {
        var words = System.Text.RegularExpressions.Regex.Matches(command, "(?:[^ ']|'[^']*')+").Select(m => m.Value.Replace("'", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(["peaks3feed", "set"], words.Take(2));
        var settings = words.Skip(3).Select(w => w.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        if (words[2] == "lake")
            await _engine.Definitions.SetConnectionAsync("lake", settings, default);
        else
            await _engine.Definitions.SetFeedAsync(words[2], settings, default);
    }

    private sealed class DeniedAbove : PeakS3Feed.Sources.IObjectSource
    {
        public List<string> Asked { get; } = [];

        public string Bucket => "acme";

        public Task<IReadOnlyList<string>> PeekAsync(string prefix, bool nested, CancellationToken cancellationToken)
        {
            Asked.Add(prefix);
            throw new FeedException("ListDenied", FeedErrorCategory.PermissionDenied, "no");
        }

        public IAsyncEnumerable<PeakS3Feed.Sources.SourceObject> ListAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PeakS3Feed.Sources.SourceObject?> FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Stream> OpenAsync(PeakS3Feed.Sources.SourceObject source, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
