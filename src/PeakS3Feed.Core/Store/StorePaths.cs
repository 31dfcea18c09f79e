using PeakS3Feed.Files;

namespace PeakS3Feed.Store;

/// <summary>
/// Where the store lives. Resolving makes nothing: folders come with the first write, for their owner only (0700 outside
/// Windows).
/// </summary>
public sealed class StorePaths
{
    /// <summary>The environment variable that names a store.</summary>
    public const string HomeVariable = "PEAKS3FEED_HOME";

    private const string Folder = "PeakS3Feed";

    private StorePaths(string configDirectory, string stateDirectory, string? namedBy = null)
    {
        ConfigDirectory = configDirectory;
        StateDirectory = stateDirectory;
        NamedBy = namedBy;
    }

    /// <summary>What names the folder: <c>-StorePath or --store</c>, or <c>PEAKS3FEED_HOME</c>; null for the user's own store.</summary>
    public string? NamedBy { get; }

    /// <summary>Whether reading fails where the folder is missing; see <see cref="Existing"/>.</summary>
    internal bool MustExist { get; private init; }

    /// <summary>The folder of the definitions, an absolute path.</summary>
    public string ConfigDirectory { get; }

    /// <summary>The folder of the runs, the locks and the <c>local</c> destination, an absolute path.</summary>
    public string StateDirectory { get; }

    /// <summary>The definitions.</summary>
    public string DefinitionsFile => Path.Combine(ConfigDirectory, "definitions.json");

    /// <summary>The file that holds the definitions: where symbolic links lead.</summary>
    internal string LinkedDefinitionsFile => RealPath.ResolveLink(DefinitionsFile);

    /// <summary>The definitions before the last change.</summary>
    public string BackupFile => DefinitionsFile + ".bak";

    /// <summary>The lock that a writer of definitions holds.</summary>
    public string DefinitionsLock => Path.Combine(ConfigDirectory, "definitions.lock");

    /// <summary>
    /// The store that belongs to a path, else to <c>PEAKS3FEED_HOME</c> (in both cases everything is in that one folder), else
    /// to the user: <c>%LOCALAPPDATA%\PeakS3Feed</c> on Windows; elsewhere <c>PeakS3Feed</c> under <c>XDG_CONFIG_HOME</c>
    /// (<c>~/.config</c>) and <c>XDG_STATE_HOME</c> (<c>~/.local/state</c>).
    /// </summary>
    /// <param name="storePath">The folder asked for, relative to the current one, or null.</param>
    /// <param name="environment">Reads an environment variable; null for the process's own.</param>
    /// <exception cref="Errors.FeedException"><c>StorePathUnknown</c>: neither a path nor a home is set.</exception>
    public static StorePaths Resolve(string? storePath = null, Func<string, string?>? environment = null)
    {
        var read = environment ?? Environment.GetEnvironmentVariable;
        if (Given(storePath) is { } path) return Named(path, "-StorePath or --store");
        if (Given(read(HomeVariable)) is { } variable) return Named(variable, HomeVariable);

        if (OperatingSystem.IsWindows())
        {
            var local = Path.Combine(Given(read("LOCALAPPDATA")) ?? throw StoreErrors.PathUnknown("LOCALAPPDATA"), Folder);
            return new(local, local);
        }

        return new(UnderHome(read, "XDG_CONFIG_HOME", ".config"), UnderHome(read, "XDG_STATE_HOME", Path.Combine(".local", "state")));
    }

    /// <summary>
    /// The same store for whatever reads or runs: one that is named must be there, for a mistyped path is no empty store. The
    /// user's own store may be missing; it reads as empty.
    /// </summary>
    /// <exception cref="Errors.FeedException"><c>StoreNotFound</c>, now and whenever the folder is missing at a later read.</exception>
    public StorePaths Existing()
    {
        ThrowIfMissing();
        return NamedBy is null ? this : new(ConfigDirectory, StateDirectory, NamedBy) { MustExist = true };
    }

    internal void ThrowIfMissing()
    {
        if (NamedBy is not null && !Directory.Exists(ConfigDirectory))
            throw StoreErrors.NotFound(this);
    }

    /// <inheritdoc/>
    public override string ToString() => ConfigDirectory;

    private static StorePaths Named(string path, string namedBy)
    {
        var full = Path.GetFullPath(path);
        return new(full, full, namedBy);
    }

    private static string UnderHome(Func<string, string?> read, string variable, string below)
    {
        // The XDG rules say that a relative path is to be ignored. The variables are read, not Environment.GetFolderPath,
        // which answers "" for a folder that is not there yet.
        if (Given(read(variable)) is { } set && Path.IsPathFullyQualified(set)) return Path.Combine(set, Folder);
        var home = Given(read("HOME")) ?? throw StoreErrors.PathUnknown("HOME");
        return Path.Combine(Path.GetFullPath(home), below, Folder);
    }

    private static string? Given(string? path) => string.IsNullOrWhiteSpace(path) ? null : path;
}
