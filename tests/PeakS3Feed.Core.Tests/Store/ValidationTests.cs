using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store;
using PeakS3Feed.TestKinds;

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

    [Theory]
    [InlineData("snow", "files")]
    [InlineData("files", "snow")]
    public void Snowflake_and_a_table_of_files_are_refused_with_the_reason_and_the_alternative(string first, string second)
    {
        var known = new S3FeedDestination[]
        {
            new SnowflakeDestination { Name = "snow", Account = "acme-sales", AccessToken = "env:T", Database = "D", StagingConnection = "lake" },
            new FolderDefinition { Name = "files", Root = "/r" },
        };
        var error = Assert.Throws<FeedException>(() => StoreDefinitions.ThrowIfInvalid(
            Orders with { DestinationNames = [first, second] }, Lake, [known.Single(d => d.Name == first), known.Single(d => d.Name == second)],
            OutsideKinds.Registered));

        Assert.Equal("DestinationsDoNotCombine", error.Id);
        Assert.Contains("either into Snowflake or into a table on S3, not into both", error.Message, StringComparison.Ordinal);
        Assert.Contains("Load only the table on S3, and let Snowflake read it there", error.Hint, StringComparison.Ordinal);
        Assert.Equal([$"Set-S3Feed -Name orders -DestinationName {first}", $"Set-S3Feed -Name orders -DestinationName {second}"], error.Remedies.Select(r => r.Cmdlet));
    }

    [Fact]
    public void Snowflake_and_another_warehouse_are_refused_like_any_two()
    {
        var snow = new SnowflakeDestination { Name = "snow", Account = "acme-sales", AccessToken = "env:T", Database = "D", StagingConnection = "lake" };
        var error = Assert.Throws<FeedException>(() => BuiltInDestinations.Kinds.ThrowIfNotCombinable("orders", [snow, StoreDefinitions.Local]));
        Assert.Contains("snow (Snowflake) and local (SQLite) together.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not into both", error.Message, StringComparison.Ordinal);
        Assert.Contains("create a feed for each destination", error.Hint, StringComparison.Ordinal);
    }

    private static (string Id, string? Target) Refusal(S3Feed feed, S3Connection connection, S3FeedDestination destination)
    {
        var error = Assert.Throws<FeedException>(() => StoreDefinitions.ThrowIfInvalid(feed, connection, [destination], BuiltInDestinations.Kinds));
        return (error.Id, error.Target);
    }
}
