using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Engine;

/// <summary>What the engine gives a destination that names a connection.</summary>
public sealed class DestinationContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DepotKind _kind = new();
    private readonly FeedEngine _engine;

    public DestinationContextTests()
        => _engine = new(StorePaths.Resolve(_folder["store"]), new FeedEngineOptions { Kinds = BuiltInDestinations.Kinds.With(_kind) });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bucket_is_a_staging_area_below_the_root_path()
    {
        await DefineAsync(new S3Connection { Name = "yard", BucketName = "acme-yard", Region = "eu-west-1", RootPath = "in/" });
        await TestAsync();
        Assert.Equal("s3://acme-yard/in/stage/", Assert.IsType<S3StagingArea>(_kind.Area).Location);
    }

    [Fact]
    public async Task A_folder_is_a_staging_area_below_the_root_path()
    {
        await DefineAsync(new S3Connection { Name = "yard", BucketName = "yard", EndpointUrl = _folder["data"], RootPath = "in/" });
        await TestAsync();
        Assert.Equal(Path.Combine(_folder["data"], "in/stage/"), Assert.IsType<FolderStagingArea>(_kind.Area).Location);
    }

    [Fact]
    public async Task A_connection_is_checked_again_when_a_destination_is_opened()
    {
        await DefineAsync(new S3Connection { Name = "yard", BucketName = "acme-yard", Region = "eu-west-1" });
        await RefusedAsync("ConnectionInvalid", "\"acme-yard\"", "\"x\"");
        await RefusedAsync("DestinationInvalid", "\"region\": \"eu-west-1\"", "\"region\": \"eu-west-1\", \"requesterPays\": true");
        var missing = await RefusedAsync("ConnectionNotFound", "\"yardName\": \"yard\"", "\"yardName\": \"gone\"");
        Assert.Equal("The destination \"depot\" names the connection \"gone\", which does not exist.", missing.Message);
    }

    // Base credentials for a run are meant for its source. Another connection may belong to another account.
    [Theory]
    [InlineData("yard", true)]
    [InlineData("source", false)]
    public async Task Base_credentials_for_a_run_are_used_for_the_connection_of_its_source_alone(string source, bool isUsed)
    {
        await DefineAsync(new S3Connection { Name = "yard", BucketName = "acme-yard", EndpointUrl = _folder["data"] });
        Directory.CreateDirectory(_folder["data"]);
        await _engine.Store.UpdateAsync(
            d => d.With(d.GetConnection("yard") with { Status = ConnectionStatus.Verified })
                .With(d.GetConnection("yard") with { Name = "source", Status = ConnectionStatus.Verified })
                .With(new S3Feed { Name = "orders", ConnectionName = source, DestinationNames = ["depot"] }));
        var key = new AccessKey("AKIAEXAMPLE", "secret", null);
        await _engine.RunAsync("orders", new RunOptions(), key, progress: null, CancellationToken.None);
        Assert.Equal(isUsed ? key : null, _kind.Access!.AccessKey);
    }

    private Task DefineAsync(S3Connection connection)
        => _engine.Store.UpdateAsync(d => d.With(connection).With(new DepotDestination { Name = "depot", YardName = "yard" }));

    private async Task TestAsync()
    {
        await foreach (var _ in _engine.TestDestinationAsync("depot", CancellationToken.None))
        {
        }
    }

    // Edits the file by hand, and then restores it.
    private async Task<FeedException> RefusedAsync(string id, string old, string now)
    {
        var text = await File.ReadAllTextAsync(_engine.Paths.DefinitionsFile);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_engine.Paths.DefinitionsFile, text.Replace(old, now, StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<FeedException>(TestAsync);
        await File.WriteAllTextAsync(_engine.Paths.DefinitionsFile, text);
        Assert.Equal(id, error.Id);
        return error;
    }

    public sealed record DepotDestination : S3FeedDestination
    {
        public required string YardName { get; init; }

        public override string Kind => "depot";

        public override string Place => YardName;
    }

    // Opens its staging area, and loads into a file.
    private sealed class DepotKind : DestinationKind<DepotDestination>
    {
        public IStagingArea? Area { get; private set; }

        public ConnectionAccess? Access { get; private set; }

        public override string Name => "Depot";

        public override IJsonTypeInfoResolver Json { get; } = new DefaultJsonTypeInfoResolver();

        protected override IEnumerable<DefinitionProblem> Check(DepotDestination definition) => [];

        protected override IEnumerable<ConnectionReference> Connections(DepotDestination definition)
            => [new(nameof(definition.YardName), definition.YardName)];

        protected override IEnumerable<DefinitionProblem> CheckConnection(DepotDestination definition, S3Connection connection)
            => connection.RequesterPays ? [new(nameof(connection.RequesterPays), "Somebody else pays.")] : [];

        protected override string Identity(DepotDestination definition, string stateDirectory) => definition.YardName;

        protected override async Task<IDestination> OpenAsync(
            DepotDestination definition, DestinationContext context, CancellationToken cancellationToken)
        {
            Access = await context.FindConnectionAsync(definition.YardName, cancellationToken);
            Area = await StagingAreaFactory.OpenAsync(context, definition.Name, definition.YardName, "stage/", cancellationToken);
            await Area.DisposeAsync();
            return await BuiltInDestinations.Kinds.OpenAsync(
                new SqliteDestination { Name = definition.Name, Path = "depot.db" }, context, cancellationToken);
        }
    }
}
