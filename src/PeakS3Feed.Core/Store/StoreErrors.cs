using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Store;

/// <summary>The errors of the store.</summary>
internal static class StoreErrors
{
    public static FeedException PathUnknown(string variable) => new(
        "StorePathUnknown", FeedErrorCategory.InvalidOperation, $"The folder of the store is unknown, because {variable} is not set.")
    {
        Target = variable,
        Hint = $"Give a folder (-StorePath, --store), or set PEAKS3FEED_HOME or {variable}; "
            + "users of scheduled tasks and services often have no profile.",
    };

    public static FeedException NotFound(StorePaths paths) => new(
        "StoreNotFound",
        FeedErrorCategory.ObjectNotFound,
        File.Exists(paths.ConfigDirectory)
            ? $"{paths.ConfigDirectory} is a file, but a store is a folder."
            : $"There is no store at {paths.ConfigDirectory}: the folder does not exist.")
    {
        Target = paths.ConfigDirectory,
        Hint = $"The path comes from {paths.NamedBy ?? "the user's own folders"}. Correct it; or create a store there, "
            + "with New-S3Connection, Import-S3FeedDefinition or peaks3feed import.",
    };

    public static FeedException Busy(string lockFile, TimeSpan waited) => new(
        "StoreBusy",
        FeedErrorCategory.ResourceBusy,
        $"Another process has been writing to the store for {waited.TotalSeconds:0} seconds; it has locked {lockFile}.")
    {
        Target = lockFile,
        Hint = "Try again. If the error persists, find the process that has the file open. The lock ends with its process; do not delete the file.",
    };

    public static FeedException NotAccessible(string path, Exception inner) => new(
        "StoreNotAccessible",
        FeedErrorCategory.PermissionDenied,
        $"The store cannot be used: {path} cannot be {(inner is UnauthorizedAccessException ? "opened by this user" : "read or written")}.",
        inner)
    {
        Target = path,
        Hint = "Check the folder's owner and free space, or use another folder (-StorePath, --store, PEAKS3FEED_HOME).",
    };

    public static FeedException TooNew(string path, string version) => new(
        "StoreTooNew", FeedErrorCategory.InvalidOperation, $"{path} has format {version}, which this version of PeakS3Feed does not know.")
    {
        Target = path,
        Hint = "Update PeakS3Feed, or use another store (-StorePath, --store).",
    };

    public static FeedException Unreadable(StorePaths paths, SetAsideFile file, string? backup) => new(
        "StoreUnreadable",
        FeedErrorCategory.InvalidData,
        $"The definitions cannot be read ({file.Reason}) and were set aside as {file.Path}; nothing is written until they are back.")
    {
        Target = paths.DefinitionsFile,
        Hint = $"Fix that file and move it back to {paths.LinkedDefinitionsFile}{OrBackup(paths, backup)}. {StartEmpty(paths)}",
        Remedies = backup is null
            ? [Remedy.MoveFile(file.Path, paths.LinkedDefinitionsFile)]
            : [Remedy.CopyFile(paths.BackupFile, paths.LinkedDefinitionsFile), Remedy.MoveFile(file.Path, paths.LinkedDefinitionsFile)],
    };

    public static FeedException Missing(StorePaths paths, string? backup) => new(
        "StoreUnreadable",
        FeedErrorCategory.InvalidData,
        $"The definitions are missing: {paths.DefinitionsFile} does not exist, but its backup does; nothing is written until the file is back.")
    {
        Target = paths.DefinitionsFile,
        Hint = backup is null
            ? $"The backup {paths.BackupFile} cannot be read. {StartEmpty(paths)}"
            : $"Go back to {paths.BackupFile} ({backup}). {StartEmpty(paths)}",
        Remedies = backup is null ? [] : [Remedy.CopyFile(paths.BackupFile, paths.LinkedDefinitionsFile)],
    };

    public static FeedException NoBackup(StorePaths paths) => new(
        "StoreBackupUnreadable", FeedErrorCategory.ObjectNotFound, $"There is no readable backup {paths.BackupFile}.") { Target = paths.BackupFile };

    public static FeedException NameInUse(string kind, string name, Remedy? change = null) => new(
        "NameInUse", FeedErrorCategory.ResourceExists,
        $"A {DefinitionErrors.Word(kind)} named \"{name}\" exists already. Names must differ by more than case.")
    {
        Target = name,
        Hint = $"Use another name, or change the existing {DefinitionErrors.Word(kind)}.",
        Remedies = [change ?? Show(kind, name)],
    };

    public static FeedException IdInUse(string kind, string name, string id) => new(
        $"{kind}IdInUse", FeedErrorCategory.ResourceExists,
        $"The id {id} of \"{name}\" is already that of another {DefinitionErrors.Word(kind)}.") { Target = name };

    public static FeedException LocalIsReserved() => new(
        "NameReserved", FeedErrorCategory.ResourceExists, $"\"{StoreDefinitions.LocalName}\" is the name of the built-in destination.")
    {
        Target = StoreDefinitions.LocalName,
        Hint = "Use another name.",
    };

    public static FeedException LocalIsFixed() => new(
        "NameReserved", FeedErrorCategory.InvalidOperation,
        $"\"{StoreDefinitions.LocalName}\" is the built-in destination and cannot be changed or removed.")
    {
        Target = StoreDefinitions.LocalName,
        Hint = "Create another destination, and let feeds use that one.",
    };

    /// <summary>Other definitions need a definition that is to be removed.</summary>
    /// <param name="kind">The kind of the definition.</param>
    /// <param name="name">Its name.</param>
    /// <param name="users">The definitions that name it.</param>
    public static FeedException InUse(string kind, string name, IReadOnlyList<(string Kind, string Name)> users) => new(
        $"{kind}InUse", FeedErrorCategory.InvalidOperation, $"The {DefinitionErrors.Word(kind)} \"{name}\" cannot be removed: {Users(users)}.")
    {
        Target = name,
        Hint = users.Count == 1
            ? $"Remove the {DefinitionErrors.Word(users[0].Kind)} first, or let it use another {DefinitionErrors.Word(kind)}."
            : $"Remove these {string.Join(" and ", users.Select(u => Plural(u.Kind)).Distinct(StringComparer.Ordinal))} first, "
                + $"or let them use another {DefinitionErrors.Word(kind)}.",
    };

    /// <summary>A feed would read the staged files of a destination.</summary>
    public static FeedException StageWouldBeRead(StagingOverlap overlap) => new(
        "StageWouldBeRead", FeedErrorCategory.InvalidArgument,
        overlap.IsTable
            ? $"The feed {overlap.FeedName} would read the files of a table of the destination {overlap.DestinationName} in {overlap.Place}."
            : $"The feed {overlap.FeedName} would read the staged files of the destination {overlap.DestinationName} in {overlap.Place}.")
    {
        Target = overlap.FeedName,
        Hint = overlap.IsTable
            ? "Its rows would be loaded again and again. Give the destination another connection or root path, outside of the feed's path; or "
                + "exclude this folder from the feed."
            : "Its rows would be loaded again and again. Give the destination another staging connection or staging prefix, outside of the "
                + "feed's path; or exclude this folder from the feed.",
    };

    public static FeedException ImportInvalid(string source, IReadOnlyList<ImportProblem> problems)
    {
        List<(string, string?)> list = [.. problems.Select(p => ($"{p}", p.Hint))];
        return new("ImportInvalid", FeedErrorCategory.InvalidArgument, DefinitionErrors.Describe($"{source} was not imported", ':', list))
        {
            Target = source,
            Hint = DefinitionErrors.HintOf(list),
        };
    }

    public static FeedException FileNotReadable(string file, Exception inner) => new(
        "FileNotReadable", FeedErrorCategory.InvalidArgument,
        inner is FileNotFoundException or DirectoryNotFoundException ? $"The file {file} does not exist." : $"{file} cannot be read: {inner.Message}",
        inner)
    {
        Target = file,
    };

    public static FeedException FileExists(string file) => new("FileExists", FeedErrorCategory.ResourceExists, $"The file {file} exists already.")
    {
        Target = file,
        Hint = "Use another name, or -Force to overwrite it.",
    };

    public static FeedException FileNotWritable(string file, Exception inner) => new(
        "FileNotWritable", FeedErrorCategory.PermissionDenied, $"{file} cannot be written: {inner.Message}", inner)
    {
        Target = file,
        Hint = "Check that the folder exists, and that you may write to it.",
    };

    private static string OrBackup(StorePaths paths, string? backup) => backup is null
        ? $" (there is no readable {paths.BackupFile})"
        : $", or restore the version before the last change, {paths.BackupFile} ({backup})";

    private static string StartEmpty(StorePaths paths) => $"To start with an empty store instead, write {{}} into {paths.DefinitionsFile}.";

    // "the feed a uses it", "the feeds a, b use it", "the feed a and the destination b use it"
    private static string Users(IReadOnlyList<(string Kind, string Name)> users)
    {
        var groups = users.GroupBy(u => u.Kind, u => u.Name, StringComparer.Ordinal).Select(
            g => $"the {(g.Skip(1).Any() ? Plural(g.Key) : DefinitionErrors.Word(g.Key))} {string.Join(", ", g)}");
        return $"{string.Join(" and ", groups)} {(users.Count == 1 ? "uses" : "use")} it";
    }

    private static string Plural(string kind) => DefinitionErrors.Word(kind) + "s";

    // Shows the existing definition, so that a person can decide whether it is the same. A watcher must be removed before a changed one is added.
    private static Remedy Show(string kind, string name) => kind switch
    {
        "Feed" => Remedy.ShowFeed(name),
        "Connection" => Remedy.ShowConnection(name),
        "Destination" => Remedy.ShowDestination(name),
        "Watcher" => Remedy.RemoveWatcher(name),
        _ => Remedy.ShowTrigger(name),
    };
}
