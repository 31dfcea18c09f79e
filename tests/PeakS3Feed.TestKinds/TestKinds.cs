using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;

namespace PeakS3Feed.TestKinds;

/// <summary>The definition of a <see cref="ScriptDestination"/>.</summary>
public sealed record ScriptDefinition : S3FeedDestination
{
    /// <summary>The SQLite file.</summary>
    public required string Database { get; init; }

    /// <summary>The folder for staged files.</summary>
    public required string Stage { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Script";

    /// <inheritdoc/>
    public override string Place => Database;
}

/// <summary>The definition of a <see cref="FolderDestination"/>.</summary>
public sealed record FolderDefinition : S3FeedDestination
{
    /// <summary>The folder that holds the tables.</summary>
    public required string Root { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Folder";

    /// <inheritdoc/>
    public override string Place => Root;
}

/// <summary>The kinds of the tests: all that a program does to know them is <see cref="Registered"/>.</summary>
public static class OutsideKinds
{
    /// <summary>The core's kinds and those of the tests.</summary>
    public static DestinationKinds Registered { get; } = BuiltInDestinations.Kinds.With(new ScriptKind()).With(new FolderKind());
}

internal sealed class ScriptKind : DestinationKind<ScriptDefinition>
{
    public override string Name => "Script";

    public override PairRole PairRole => PairRole.Warehouse;

    public override IJsonTypeInfoResolver Json => KindsJson.Default;

    protected override IEnumerable<DefinitionProblem> Check(ScriptDefinition definition) => [];

    protected override string Identity(ScriptDefinition definition, string stateDirectory) => definition.Database;

    protected override Task<IDestination> OpenAsync(ScriptDefinition definition, DestinationContext context, CancellationToken cancellationToken)
        => Task.FromResult<IDestination>(new ScriptDestination(definition.Database, definition.Stage));
}

internal sealed class FolderKind : DestinationKind<FolderDefinition>
{
    public override string Name => "Folder";

    public override PairRole PairRole => PairRole.Files;

    public override IJsonTypeInfoResolver Json => KindsJson.Default;

    protected override IEnumerable<DefinitionProblem> Check(FolderDefinition definition) => [];

    protected override string Identity(FolderDefinition definition, string stateDirectory) => definition.Root;

    protected override Task<IDestination> OpenAsync(FolderDefinition definition, DestinationContext context, CancellationToken cancellationToken)
        => Task.FromResult<IDestination>(new FolderDestination(definition.Root));
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ScriptDefinition))]
[JsonSerializable(typeof(FolderDefinition))]
internal sealed partial class KindsJson : JsonSerializerContext;
