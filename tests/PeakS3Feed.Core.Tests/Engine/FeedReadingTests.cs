using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Engine;

/// <summary>Preview and inference, for feeds of the store and for those that are not in it (yet).</summary>
public sealed class FeedReadingTests
{
    private static readonly S3Feed Trial = new() { Name = "trial", ConnectionName = "source", DestinationNames = ["warehouse"] };

    [Fact]
    public async Task A_feed_that_is_not_in_the_store_shows_its_rows()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id;note\n1;a\n2;b\n3;c\n");
        var preview = await loading.Store.Engine().PreviewAsync(Trial with { Csv = Trial.Csv with { Separator = null } }, 2, key: null, accessKey: null, default);
        Assert.Equal((";", "bucket", "a.csv"), (preview.Feed.Csv.Separator, preview.Source.Bucket, preview.Source.Key));
        Assert.Equal([[1L, "a"], [2L, "b"]], preview.Rows);

        var sampled = await loading.Store.Engine().InferAsync(Trial with { Csv = Trial.Csv with { Separator = ";" } }, sampleAll: true, accessKey: null, default);
        Assert.Equal([ColumnType.BigInt, ColumnType.Text], sampled.Feed.Schema!.Columns.Select(c => c.Type));
        Assert.Equal([TestStore.FeedName], (await loading.Store.Engine().Store.ReadAsync()).Feeds.Select(f => f.Name));
    }

    [Fact]
    public async Task It_is_checked_like_one_of_the_store()
    {
        using var loading = await Loading.BeginAsync();
        Assert.Equal("FeedInvalid", await RefusalAsync(loading, Trial with { Path = "no slash" }));
        Assert.Equal("ConnectionNotFound", await RefusalAsync(loading, Trial with { ConnectionName = "sea" }));
        Assert.Equal("DestinationNotFound", await RefusalAsync(loading, Trial with { DestinationNames = ["sea"] }));
        Assert.Equal("PathNotFound", await RefusalAsync(loading, Trial));
        loading.Write("notes.txt", "no file of that type");
        Assert.Equal("NothingToSample", await RefusalAsync(loading, Trial));
    }

    [Fact]
    public async Task Its_errors_give_no_command_for_a_feed_that_is_not_there()
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.json", "{\"id\": 1}\n");
        var trial = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().PreviewAsync(Trial with { FileType = FileType.Json }, 1, key: null, accessKey: null, default));
        Assert.Equal(("JsonNotArray", 0), (trial.Id, trial.Remedies.Count));
        Assert.NotEmpty(trial.Settings);

        await loading.ChangeAsync(f => f with { FileType = FileType.Json });
        var stored = await Assert.ThrowsAsync<FeedException>(() => loading.Store.Engine().PreviewAsync(TestStore.FeedName, 1, key: null, accessKey: null, default));
        Assert.Contains(stored.Remedies, r => r.Cmdlet.Contains("Set-S3Feed -Name orders", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_not_verified_is_tested_first()
    {
        using var loading = await Loading.BeginAsync();
        var engine = loading.Store.Engine();
        loading.Write("a.csv", "id,note\n1,a\n");
        await SetAsync(c => c with { Status = ConnectionStatus.Draft });
        await engine.InferAsync(TestStore.FeedName, sampleAll: false, accessKey: null, default);
        Assert.Equal(ConnectionStatus.Verified, (await engine.Definitions.FindConnectionAsync("source")).Status);

        await SetAsync(c => c with { Status = ConnectionStatus.Untested, EndpointUrl = new Uri(loading.PathOf("nowhere")).AbsoluteUri });
        foreach (var reading in (Func<Task>[])
            [
                () => engine.InferAsync(TestStore.FeedName, sampleAll: false, accessKey: null, default), () => engine.InferAsync(Trial, sampleAll: false, accessKey: null, default),
                () => engine.PreviewAsync(TestStore.FeedName, 1, key: null, accessKey: null, default), () => engine.PreviewAsync(Trial, 1, key: null, accessKey: null, default),
            ])
            Assert.Equal("ConnectionTestFailed", (await Assert.ThrowsAsync<FeedException>(reading)).Id);

        Task SetAsync(Func<S3Connection, S3Connection> change) => engine.Store.UpdateAsync(d => d.With(change(d.FindConnection("source")!)));
    }

    private static async Task<string> RefusalAsync(Loading loading, S3Feed feed)
    {
        var engine = loading.Store.Engine();
        var previewed = await Assert.ThrowsAsync<FeedException>(() => engine.PreviewAsync(feed, 1, key: null, accessKey: null, default));
        var inferred = await Assert.ThrowsAsync<FeedException>(() => engine.InferAsync(feed, sampleAll: false, accessKey: null, default));
        Assert.Equal(previewed.Id, inferred.Id);
        return previewed.Id;
    }
}
