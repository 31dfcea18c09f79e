using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Store;

/// <summary>The errors of the store.</summary>
internal static class StoreErrors
{
    private const int Listed = 20;

    public static FeedException PathUnknown(string variable) => new(
        "StorePathUnknown", FeedErrorCategory.InvalidOperation, $"There is no folder for the store, since {variable} is not set.")
    {
        Target = variable,
        Hint = $"Give a folder (-StorePath, --store), or set PEAKS3FEED_HOME or {variable}; "
            + "users of scheduled tasks and services often have no profile.",
    };

    public static FeedException NotFound(StorePaths paths) => new(
        "StoreNotFound",
        FeedErrorCategory.ObjectNotFound,
        File.Exists(paths.ConfigDirectory)
            ? $"{paths.ConfigDirectory} is a file, and a store is a folder."
            : $"There is no store at {paths.ConfigDirectory}: the folder does not exist.")
    {
        Target = paths.ConfigDirectory,
        Hint = $"The path comes from {paths.NamedBy ?? "the user's own folders"}. Correct it; or make a store there, "
            + "with New-S3Connection, Import-S3FeedDefinition or peaks3feed import.",
    };

    public static FeedException Busy(string lockFile, TimeSpan waited) => new(
        "StoreBusy",
        FeedErrorCategory.ResourceBusy,
        $"Somebody else has been writing to the store for {waited.TotalSeconds:0} seconds and holds {lockFile}.")
    {
        Target = lockFile,
        Hint = "Try again; if it stays, find the process that has the file open. The lock ends with its process, the file itself needs no removal.",
    };

    public static FeedException NotAccessible(string path, Exception inner) => new(
        "StoreNotAccessible",
        FeedErrorCategory.PermissionDenied,
        $"The store cannot be used: {path} cannot be {(inner is UnauthorizedAccessException ? "opened by this user" : "read or written")}.",
        inner)
    {
        Target = path,
        Hint = "Check owner and free space of the folder, or give another one (-StorePath, --store, PEAKS3FEED_HOME).",
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
        $"The definitions could not be read ({file.Reason}) and were set aside as {file.Path}; nothing is written until they are back.")
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
        $"The definitions are gone: there is no {paths.DefinitionsFile}, but there is a backup; nothing is written until that is settled.")
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
        "NameInUse", FeedErrorCategory.ResourceExists, $"There is a {DefinitionErrors.Word(kind)} named \"{name}\" already; names differ by more than case.")
    {
        Target = name,
        Hint = "Take another name, or change the one that is there.",
        Remedies = [change ?? Show(kind, name)],
    };

    public static FeedException IdInUse(string kind, string name, string id) => new(
        $"{kind}IdInUse", FeedErrorCategory.ResourceExists, $"Another {DefinitionErrors.Word(kind)} has the id {id} of \"{name}\" already.") { Target = name };

    public static FeedException LocalIsReserved() => new(
        "NameReserved", FeedErrorCategory.ResourceExists, $"The destination \"{StoreDefinitions.LocalName}\" exists without being made.")
    {
        Target = StoreDefinitions.LocalName,
        Hint = "Take another name.",
    };

    public static FeedException LocalIsFixed() => new(
        "NameReserved", FeedErrorCategory.InvalidOperation, $"The destination \"{StoreDefinitions.LocalName}\" is always there and cannot be changed or removed.")
    {
        Target = StoreDefinitions.LocalName,
        Hint = "Make another destination, and let feeds use that one.",
    };

    public static FeedException InUse(string kind, string name, IReadOnlyList<string> feeds) => new(
        $"{kind}InUse", FeedErrorCategory.InvalidOperation, $"The {DefinitionErrors.Word(kind)} \"{name}\" cannot go: {Users(feeds)}.")
    {
        Target = name,
        Hint = $"Remove {(feeds.Count == 1 ? "the feed" : "these feeds")} first, or let {(feeds.Count == 1 ? "it" : "them")} use another {DefinitionErrors.Word(kind)}.",
    };

    public static FeedException ImportInvalid(string source, IReadOnlyList<ImportProblem> problems) => new(
        "ImportInvalid",
        FeedErrorCategory.InvalidArgument,
        $"{source} was not imported: {string.Join(" ", problems.Take(Listed).Select(p => p.Hint is null ? $"{p}" : $"{p} {p.Hint}"))}{DefinitionErrors.More(Math.Max(0, problems.Count - Listed))}")
    {
        Target = source,
    };

    public static FeedException FileNotReadable(string file, Exception inner) => new(
        "FileNotReadable", FeedErrorCategory.InvalidArgument,
        inner is FileNotFoundException or DirectoryNotFoundException ? $"There is no file {file}." : $"{file} cannot be read: {inner.Message}", inner)
    {
        Target = file,
    };

    public static FeedException FileExists(string file) => new("FileExists", FeedErrorCategory.ResourceExists, $"There is a file {file} already.")
    {
        Target = file,
        Hint = "Give another name, or say with -Force that it may be overwritten.",
    };

    public static FeedException FileNotWritable(string file, Exception inner) => new(
        "FileNotWritable", FeedErrorCategory.PermissionDenied, $"{file} cannot be written: {inner.Message}", inner)
    {
        Target = file,
        Hint = "Check that the folder is there, and the right to write in it.",
    };

    private static string OrBackup(StorePaths paths, string? backup) => backup is null
        ? $" (there is no readable {paths.BackupFile})"
        : $", or go back to the version before the last change, {paths.BackupFile} ({backup})";

    private static string StartEmpty(StorePaths paths) => $"To start from nothing instead, write {{}} into {paths.DefinitionsFile}.";

    private static string Users(IReadOnlyList<string> feeds)
        => feeds.Count == 1 ? $"the feed {feeds[0]} uses it" : $"the feeds {string.Join(", ", feeds)} use it";

    // What the name stands for now, so that a person can tell whether it is the same thing. A watcher is changed by removing it first.
    private static Remedy Show(string kind, string name) => kind switch
    {
        "Feed" => Remedy.ShowFeed(name),
        "Connection" => Remedy.ShowConnection(name),
        "Destination" => Remedy.ShowDestination(name),
        "Watcher" => Remedy.RemoveWatcher(name),
        _ => Remedy.ShowTrigger(name),
    };
}
