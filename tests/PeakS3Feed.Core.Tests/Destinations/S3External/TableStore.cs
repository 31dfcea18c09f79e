using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>A store with the connection <c>acme</c>, the destination <c>lake</c> of tables on S3, and a feed with every type of column.</summary>
internal sealed class TableStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TableStore(DestinationKinds? kinds = null)
        => Engine = new(StorePaths.Resolve(_folder.Path), kinds is null ? null : new FeedEngineOptions { Kinds = kinds });

    public static S3ExternalDestination Lake { get; } = new() { Name = "lake", ConnectionName = "acme", RootPath = "lake/" };

    public static S3Feed Orders { get; } = new()
    {
        Name = "orders", ConnectionName = "acme", Path = "incoming/orders/", DestinationNames = ["lake"],
        Schema = new FeedSchema(
        [
            new FeedColumn("id", "id", ColumnType.BigInt), new FeedColumn("Country", "Country", ColumnType.Text), new FeedColumn("paid", "paid", ColumnType.Boolean),
            new FeedColumn("amount", "amount", ColumnType.Decimal, 2), new FeedColumn("weight", "weight", ColumnType.Double),
            new FeedColumn("day", "day", ColumnType.Date), new FeedColumn("ordered_at", "ordered_at", ColumnType.Timestamp),
            new FeedColumn("shipped_at", "shipped_at", ColumnType.TimestampTz), new FeedColumn("lines", "lines", ColumnType.Json),
        ]),
    };

    public FeedEngine Engine { get; }

    /// <summary>Stores definitions, and returns the statements for an engine.</summary>
    public async Task<string> DefineAsync(
        TableEngine engine, S3ExternalDestination? destination = null, S3Feed? feed = null, S3Connection? connection = null, string? database = null)
    {
        await StoreAsync(destination, feed, connection);
        return await Engine.TableDefinitionAsync("orders", null, engine, database, default);
    }

    public Task StoreAsync(S3ExternalDestination? destination = null, S3Feed? feed = null, S3Connection? connection = null)
        => Engine.Store.UpdateAsync(d => d.With(connection ?? TestPolicy.Draft).With(destination ?? Lake).With(feed ?? Orders));

    public static async Task<FeedException> FailsAsync(string id, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<FeedException>(call);
        Assert.Equal(id, error.Id);
        return error;
    }

    public void Dispose() => _folder.Dispose();
}
