using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Wording;

/// <summary>Commands for a person in any session: they name the store.</summary>
internal static class StoreCommand
{
    private const string Program = "peaks3feed";

    /// <summary>
    /// Returns the commands of a remedy with the store's path. A store with separate folders for configuration and state is the user's default store
    /// and cannot be named.
    /// </summary>
    public static WatcherCommand WithStore(Remedy remedy, StorePaths paths)
        => paths.ConfigDirectory != paths.StateDirectory ? new(remedy.Cmdlet, remedy.Shell) : new(Cmdlet(remedy.Cmdlet, paths.ConfigDirectory), Shell(remedy.Shell, paths.ConfigDirectory));

    // A command after a pipe gets the store from the pipeline.
    private static string Cmdlet(string command, string store) => CommandText.Append(command, $"-StorePath {CommandText.PowerShell(store)}");

    private static string? Shell(string? command, string store)
        => command?.StartsWith(Program + " ", StringComparison.Ordinal) == true ? $"{Program} --store {CommandText.Shell(store)}{command[Program.Length..]}" : command;
}
