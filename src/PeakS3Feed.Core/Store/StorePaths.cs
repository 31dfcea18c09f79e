using PeakS3Feed.Files;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Store;

/// <summary>
/// The paths of a store. Resolving them creates nothing; the first write creates the folders, for their owner only (mode 0700 outside Windows).
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

    /// <summary>Where the path comes from: <c>-StorePath or --store</c>, or <c>PEAKS3FEED_HOME</c>; null for the user's own store.</summary>
    public string? NamedBy { get; }

    /// <summary>Whether reading fails if the folder does not exist; see <see cref="Existing"/>.</summary>
    internal bool MustExist { get; private init; }

    /// <summary>The folder of the definitions, as an absolute path.</summary>
    public string ConfigDirectory { get; }

    /// <summary>The folder of runs, locks and the <c>local</c> destination, as an absolute path.</summary>
    public string StateDirectory { get; }

    /// <summary>The file of the definitions.</summary>
    public string DefinitionsFile => Path.Combine(ConfigDirectory, "definitions.json");

    /// <summary>The file of the definitions, with symbolic links resolved.</summary>
    internal string LinkedDefinitionsFile => RealPath.ResolveLink(DefinitionsFile);

    /// <summary>The file of the definitions before the last change.</summary>
    public string BackupFile => DefinitionsFile + ".bak";

    /// <summary>The lock file for writers of definitions.</summary>
    public string DefinitionsLock => Path.Combine(ConfigDirectory, "definitions.lock");

    /// <summary>
    /// Returns the store at a path; without a path, the store at <c>PEAKS3FEED_HOME</c>; otherwise the user's own store. A path and
    /// <c>PEAKS3FEED_HOME</c> name one folder for everything. The user's own store is in <c>%LOCALAPPDATA%\PeakS3Feed</c> on Windows, elsewhere in
    /// the folders <c>PeakS3Feed</c> of <c>XDG_CONFIG_HOME</c> (<c>~/.config</c>) and <c>XDG_STATE_HOME</c> (<c>~/.local/state</c>).
    /// </summary>
    /// <param name="storePath">The folder, absolute or relative to the current one; or null.</param>
    /// <param name="environment">Reads an environment variable; null for the process's own.</param>
    /// <exception cref="Errors.FeedException"><c>StorePathUnknown</c>: the variable for the user's own store is not set.</exception>
    public static StorePaths Resolve(string? storePath = null, Func<string, string?>? environment = null)
    {
        var read = environment ?? Environment.GetEnvironmentVariable;
        if (NullIfBlank(storePath) is { } path) return FromFolder(path, "-StorePath or --store");
        if (NullIfBlank(read(HomeVariable)) is { } variable) return FromFolder(variable, HomeVariable);

        if (OperatingSystem.IsWindows())
        {
            var local = Path.Combine(NullIfBlank(read("LOCALAPPDATA")) ?? throw StoreErrors.PathUnknown("LOCALAPPDATA"), Folder);
            return new(local, local);
        }

        return new(UnderHome(read, "XDG_CONFIG_HOME", ".config"), UnderHome(read, "XDG_STATE_HOME", Path.Combine(".local", "state")));
    }

    /// <summary>
    /// Returns the same store for commands that read or run. A store that is named must exist, because an empty store would hide a mistyped path. The
    /// user's own store may be missing; it reads as empty.
    /// </summary>
    /// <exception cref="Errors.FeedException"><c>StoreNotFound</c>, now and at every later read while the folder does not exist.</exception>
    public StorePaths Existing()
    {
        ThrowIfMissing();
        return NamedBy is null ? this : new(ConfigDirectory, StateDirectory, NamedBy) { MustExist = true };
    }

    /// <summary>Returns a command with the path of this store, for a person who may work elsewhere.</summary>
    // Only the user's own store has separate folders for configuration and state, and no path names it.
    public Remedy Complete(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return ConfigDirectory == StateDirectory ? remedy.OnStore(ConfigDirectory) : remedy;
    }

    internal void ThrowIfMissing()
    {
        if (NamedBy is not null && !Directory.Exists(ConfigDirectory))
            throw StoreErrors.NotFound(this);
    }

    /// <inheritdoc/>
    public override string ToString() => ConfigDirectory;

    private static StorePaths FromFolder(string path, string namedBy)
    {
        var full = Path.GetFullPath(path);
        return new(full, full, namedBy);
    }

    private static string UnderHome(Func<string, string?> read, string variable, string below)
    {
        // The XDG rules require absolute paths and ignore relative ones. Environment.GetFolderPath is not used, because it returns "" for a folder
        // that does not exist yet.
        if (NullIfBlank(read(variable)) is { } set && Path.IsPathFullyQualified(set)) return Path.Combine(set, Folder);
        var home = NullIfBlank(read("HOME")) ?? throw StoreErrors.PathUnknown("HOME");
        return Path.Combine(Path.GetFullPath(home), below, Folder);
    }

    private static string? NullIfBlank(string? path) => string.IsNullOrWhiteSpace(path) ? null : path;
}
