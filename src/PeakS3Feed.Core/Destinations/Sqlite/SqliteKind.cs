using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>SQLite as a kind of destination.</summary>
internal sealed class SqliteKind : DestinationKind<SqliteDestination>
{
    public override string Name => "Sqlite";

    public override PairRole PairRole => PairRole.Warehouse;

    public override bool HasOneWriter => true;

    public override IJsonTypeInfoResolver Json => SqliteJson.Default;

    protected override IEnumerable<DefinitionProblem> Check(SqliteDestination definition)
    {
        const string Field = nameof(SqliteDestination.Path);
        var path = definition.Path;
        if (string.IsNullOrWhiteSpace(path)) yield return new(Field, "The path of the database file is missing.");
        else if (path.StartsWith(':') || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            yield return new(
                Field,
                "The path must be that of a file; databases in memory and file: URIs are not supported.",
                "Write an absolute path, or a name in the state directory.");
        else if (path.EndsWith('/') || path.EndsWith('\\'))
            yield return new(Field, $"The path \"{path}\" names a folder.", "Name the file, for example warehouse.db.");
        else if (RootedPath.IsRelativeToDrive(path, RootedPath.Here))
            yield return new(
                Field,
                $"The path \"{path}\" depends on the current folder of its drive.",
                $"Write {path[..2]}\\{path[2..]}, which begins at the root.");
        else if (path.Contains('\0', StringComparison.Ordinal)) yield return new(Field, "The path contains a NUL character.");
        else if (string.Equals(Path.GetFileName(path), "state.db", StringComparison.OrdinalIgnoreCase) && !RootedPath.IsRooted(path, RootedPath.Here))
            yield return new(Field, "state.db is the run history.", "Choose another name.");
    }

    protected override string Identity(SqliteDestination definition, string stateDirectory)
        => OperatingSystem.IsWindows() ? FullPath(definition, stateDirectory).ToUpperInvariant() : FullPath(definition, stateDirectory);

    protected override string? Folder(SqliteDestination definition, string stateDirectory)
        => Path.GetDirectoryName(FullPath(definition, stateDirectory));

    protected override Task<IDestination> OpenAsync(SqliteDestination definition, DestinationContext context, CancellationToken cancellationToken)
    {
        var path = FullPath(definition, context.StateDirectory);
        return Task.FromResult<IDestination>(new SqliteDatabase(path, context.Loggers.CreateLogger("PeakS3Feed.Sqlite")));
    }

    private static string FullPath(SqliteDestination definition, string stateDirectory) => Path.GetFullPath(definition.Path, stateDirectory);
}

/// <summary>The JSON of definitions.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SqliteDestination))]
internal sealed partial class SqliteJson : JsonSerializerContext;
