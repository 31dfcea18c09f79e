using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A kind of destination that the core does not know: registering it is all that it takes.</summary>
public sealed class OwnKindTests : IDisposable
{
    private static readonly DestinationKinds Kinds = BuiltInDestinations.Kinds.With(new ShelfKind());
    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public OwnKindTests() => _engine = EngineOf("store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_stored_without_defaults_and_read_again()
    {
        var made = await _engine.Definitions.AddAsync(Shelf);
        Assert.Equal(made, Assert.Single((await EngineOf("store").Store.ReadAsync()).Destinations));
        var written = JsonNode.Parse(await File.ReadAllTextAsync(_engine.Paths.DefinitionsFile))!["destinations"]![0]!.AsObject();
        Assert.Equal(["kind", "name", "shelf"], written.Select(m => m.Key));
        Assert.Equal("Shelf", (string?)written["kind"]);
    }

    [Fact]
    public async Task It_is_exported_and_imported()
    {
        await _engine.Definitions.AddAsync(Shelf with { Level = 7 });
        var export = DefinitionExport.Write(await _engine.Store.ReadAsync(), Kinds);
        var other = EngineOf("other");
        await DefinitionImport.ApplyAsync(other.Store, export, "export.json");
        Assert.Equal(Shelf with { Level = 7 }, Assert.Single((await other.Store.ReadAsync()).Destinations));
        Assert.Equal(ImportOutcome.Unchanged, Assert.Single((await DefinitionImport.ApplyAsync(other.Store, export, "export.json")).Changes).Outcome);
    }

    [Fact]
    public async Task Members_of_a_later_version_are_kept()
    {
        await _engine.Definitions.AddAsync(Shelf);
        var file = _engine.Paths.DefinitionsFile;
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"shelf\":", "\"colour\": \"red\",\n      \"shelf\":", StringComparison.Ordinal));
        await EngineOf("store").Definitions.SetDestinationAsync("archive", [new("level", "4")]);
        Assert.Equal("red", (string?)JsonNode.Parse(await File.ReadAllTextAsync(file))!["destinations"]![0]!["colour"]);
    }

    [Fact]
    public async Task Its_settings_are_changed_as_text()
    {
        await _engine.Definitions.AddAsync(Shelf);
        var result = await _engine.Definitions.SetDestinationAsync("ARCHIVE", [new("level", "5"), new("key", "env:KEY")]);
        Assert.Equal([new SettingChange("level", null, "5"), new SettingChange("key", null, "\"env:KEY\"")], result.Changes);
        Assert.Equal(Shelf with { Level = 5, Key = "env:KEY" }, Assert.Single((await _engine.Store.ReadAsync()).Destinations));
        await _engine.Definitions.SetDestinationAsync("archive", [new("level", "")]);
        Assert.Equal(3, Assert.IsType<ShelfDestination>(Assert.Single((await _engine.Store.ReadAsync()).Destinations)).Level);
    }

    [Theory]
    [InlineData("level", "high", "level must be a whole number")]
    [InlineData("level", "99", "level: There are 9 levels.")]
    [InlineData("levl", "1", "levl is not known")]
    [InlineData("path", "x.db", "A Shelf destination has no path.")]
    [InlineData("name", "x", "name of destination archive cannot be changed")]
    [InlineData("kind", "Sqlite", "is of the kind shelf")]
    public async Task What_an_import_would_refuse_is_refused(string key, string value, string message)
    {
        await _engine.Definitions.AddAsync(Shelf);
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.SetDestinationAsync("archive", [new(key, value)]));
        Assert.Equal(("SettingInvalid", "archive"), (error.Id, error.Target));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"destinations":[{"kind":"Shelf","name":"a"}]}""", "$.destinations[0].shelf", "shelf is missing.")]
    [InlineData("""{"destinations":[{"kind":"shelf","name":"a","shelf":"s","levle":1}]}""", "$.destinations[0].levle", "Did you mean level?")]
    [InlineData("""{"destinations":[{"kind":"Shelf","name":"a","shelf":"s","level":"x"}]}""", "$.destinations[0].level", "a whole number")]
    [InlineData("""{"destinations":[{"kind":"Sqlite","name":"a","path":"x.db","shelf":"s"}]}""", "$.destinations[0].shelf", "A Sqlite destination has no shelf.")]
    [InlineData("""{"destinations":[{"kind":"Sehlf","name":"a"}]}""", "$.destinations[0].kind", "must be Sqlite, PostgreSql, Redshift, Snowflake, S3External or Shelf")]
    [InlineData("""{"destinations":[{"name":"a"}]}""", "$.destinations[0].kind", "\"kind\": \"Shelf\"")]
    public void What_is_wrong_with_it_is_named_with_its_place(string json, string path, string says)
    {
        var problem = Assert.Single(DefinitionImport.Read(Encoding.UTF8.GetBytes(json), StoreDefinitions.Empty, Kinds).Problems);
        Assert.Equal((path, 1), (problem.Path, problem.Line));
        Assert.Contains(says, problem.Message + problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_itself_is_refused()
    {
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.Store.UpdateAsync(d => d.With(Shelf with { Key = "hunter2" })));
        Assert.Equal("SecretReferenceInvalid", error.Id);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secrets_that_only_PowerShell_can_read_are_found()
    {
        await AddFeedAsync(Shelf with { Key = "vault:v/key" });
        var trigger = new S3FeedTrigger { Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook };
        Assert.Equal("SecretNeedsPowerShell", (await Assert.ThrowsAsync<FeedException>(() => _engine.Definitions.AddAsync(trigger))).Id);
    }

    [Fact]
    public async Task It_is_tested()
    {
        await _engine.Definitions.AddAsync(Shelf);
        var checks = await _engine.TestDestinationAsync("archive", default).ToListAsync();
        Assert.All(checks, c => Assert.True(c.Passed, c.Detail));
        Assert.All(checks, c => Assert.Equal("archive", c.DestinationName));
    }

    [Fact]
    public async Task Feeds_run_into_it_and_share_tables_in_it()
    {
        await AddFeedAsync(Shelf);
        await File.WriteAllTextAsync(Path.Combine(_folder["source"], "a.csv"), "id,note\n1,a\n2,b\n");
        var result = await _engine.RunAsync("orders", new RunOptions(), accessKey: null, progress: null, default);
        Assert.True(result.Run.Status == RunStatus.Succeeded, result.Error?.ToString());
        Assert.Equal(2, result.Run.RowsLoaded);
        Assert.True(File.Exists(Path.Combine(_engine.Paths.StateDirectory, "top-3.shelf")));

        // The other definition names the same file.
        await _engine.Definitions.AddAsync(Shelf with { Name = "other", Key = "env:KEY" });
        await _engine.Definitions.AddAsync(new S3Feed { Name = "second", ConnectionName = "source", DestinationNames = ["other"], Table = "orders" });
        Assert.Equal("TableIsShared", (await Assert.ThrowsAsync<FeedException>(() => _engine.ResetAsync("orders", dropTable: true, default))).Id);
    }

    [Fact]
    public async Task A_definition_may_have_members_of_types_that_the_core_does_not_use()
    {
        await AddFeedAsync(Shelf with { Price = 2.5m, Boxes = new Dictionary<string, int> { ["small"] = 7 } });
        var read = Assert.IsType<ShelfDestination>((await EngineOf("store").Store.ReadAsync()).FindDestination("archive"));
        Assert.Equal((2.5m, 7), (read.Price, read.Boxes?["small"]));
    }

    [Fact]
    public async Task A_definition_may_have_a_converter_of_its_own()
    {
        var kinds = Kinds.With(new DrawerKind());
        var drawer = new DrawerDestination { Name = "drawer", Label = "left" };
        await new FeedEngine(StorePaths.Resolve(_folder["drawers"]), new FeedEngineOptions { Kinds = kinds }).Definitions.AddAsync(drawer);
        var engine = new FeedEngine(StorePaths.Resolve(_folder["drawers"]), new FeedEngineOptions { Kinds = kinds });
        Assert.Contains("\"LEFT\"", await File.ReadAllTextAsync(engine.Paths.DefinitionsFile), StringComparison.Ordinal);
        Assert.Equal(drawer, Assert.Single((await engine.Store.ReadAsync()).Destinations));
    }

    private static ShelfDestination Shelf => new() { Name = "archive", Shelf = "top" };

    private async Task AddFeedAsync(ShelfDestination destination)
    {
        Directory.CreateDirectory(_folder["source"]);
        await _engine.Store.UpdateAsync(d => d
            .With(new S3Connection { Name = "source", BucketName = "bucket", EndpointUrl = new Uri(_folder["source"]).AbsoluteUri, Status = ConnectionStatus.Verified })
            .With(destination)
            .With(new S3Feed { Name = "orders", ConnectionName = "source", DestinationNames = [destination.Name] }));
    }

    private FeedEngine EngineOf(string store) => new(StorePaths.Resolve(_folder[store]), new FeedEngineOptions { Kinds = Kinds });

    public sealed record ShelfDestination : S3FeedDestination
    {
        public required string Shelf { get; init; }

        public int Level { get; init; } = 3;

        public string? Key { get; init; }

        public decimal? Price { get; init; }

        public IReadOnlyDictionary<string, int>? Boxes { get; init; }

        public override string Kind => "shelf";

        public override string Place => $"shelf {Shelf}, level {Level}";
    }

    private sealed class ShelfKind : DestinationKind<ShelfDestination>
    {
        public override string Name => "Shelf";

        public override IJsonTypeInfoResolver Json { get; } = new DefaultJsonTypeInfoResolver();

        protected override IEnumerable<DefinitionProblem> Check(ShelfDestination definition)
        {
            if (definition.Level > 9) yield return new(nameof(definition.Level), "There are 9 levels.");
        }

        protected override IEnumerable<string> Secrets(ShelfDestination definition) => definition.Key is { } key ? [key] : [];

        protected override string Identity(ShelfDestination definition, string stateDirectory) => $"{definition.Shelf}-{definition.Level}";

        // How rows get in is not what these tests are about.
        protected override Task<IDestination> OpenAsync(ShelfDestination definition, DestinationContext context, CancellationToken cancellationToken)
            => BuiltInDestinations.Kinds.OpenAsync(
                new SqliteDestination { Name = definition.Name, Path = $"{definition.Shelf}-{definition.Level}.shelf" }, context, cancellationToken);
    }

    public sealed record DrawerDestination : S3FeedDestination
    {
        [DefinitionMember(Converter = typeof(LoudConverter))]
        public string Label { get; init; } = "";

        public override string Kind => "drawer";

        public override string Place => Label;
    }

    /// <summary>Writes upper case, and reads lower case.</summary>
    public sealed class LoudConverter : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.GetString()!.ToLowerInvariant();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
            => writer.WriteStringValue(value.ToUpperInvariant());
    }

    private sealed class DrawerKind : DestinationKind<DrawerDestination>
    {
        public override string Name => "Drawer";

        public override IJsonTypeInfoResolver Json { get; } = new DefaultJsonTypeInfoResolver();

        protected override IEnumerable<DefinitionProblem> Check(DrawerDestination definition) => [];

        protected override string Identity(DrawerDestination definition, string stateDirectory) => definition.Label;

        protected override Task<IDestination> OpenAsync(DrawerDestination definition, DestinationContext context, CancellationToken cancellationToken)
            => throw new NotSupportedException();
    }
}
