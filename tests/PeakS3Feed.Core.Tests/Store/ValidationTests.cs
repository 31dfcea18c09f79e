using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

/// <summary>Definitions that a person wrote into the file, past every import.</summary>
public sealed class ValidationTests
{
    private static readonly S3Connection Lake = new() { Name = "lake", BucketName = "acme-lake", Region = "eu-west-1", RootPath = "in/" };
    private static readonly S3Feed Orders = new() { Name = "orders", ConnectionName = "lake" };

    [Fact]
    public void What_obeys_the_rules_passes() => StoreDefinitions.ThrowIfInvalid(Orders, Lake, [StoreDefinitions.Local], BuiltInDestinations.Kinds);

    [Fact]
    public void Each_of_the_three_is_checked()
    {
        Assert.Equal(("ConnectionInvalid", "lake"), Refusal(Orders, Lake with { Region = null }, StoreDefinitions.Local));
        Assert.Equal(("DestinationInvalid", "w"), Refusal(Orders, Lake, new SqliteDestination { Name = "w", Path = ":memory:" }));
        Assert.Equal(("DestinationInvalid", "local"), Refusal(Orders, Lake, new SqliteDestination { Name = "local", Path = "other.db" }));
        Assert.Equal(("FeedInvalid", "orders"), Refusal(Orders with { Path = "out/" }, Lake, StoreDefinitions.Local));
        Assert.Equal(("FeedInvalid", "orders"), Refusal(Orders with { Include = ["[a"] }, Lake, StoreDefinitions.Local));
    }

    [Fact]
    public void Two_destinations_must_combine()
    {
        var error = Assert.Throws<FeedException>(() => StoreDefinitions.ThrowIfInvalid(
            Orders with { DestinationNames = ["local", "w"] }, Lake, [StoreDefinitions.Local, new SqliteDestination { Name = "w", Path = "w.db" }],
            BuiltInDestinations.Kinds));

        Assert.Equal("DestinationsDoNotCombine", error.Id);
        Assert.Contains("local (SQLite) and w (SQLite)", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Remedies.Count);
    }

    private static (string Id, string? Target) Refusal(S3Feed feed, S3Connection connection, S3FeedDestination destination)
    {
        var error = Assert.Throws<FeedException>(() => StoreDefinitions.ThrowIfInvalid(feed, connection, [destination], BuiltInDestinations.Kinds));
        return (error.Id, error.Target);
    }
}
