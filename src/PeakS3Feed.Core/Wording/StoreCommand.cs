using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Wording;

/// <summary>Commands as somebody types them who is anywhere: with the store named.</summary>
internal static class StoreCommand
{
    private const string Program = "peaks3feed";

    /// <summary>The commands of a remedy on a store. One that is the user's own by default and in two folders cannot be named.</summary>
    public static WatcherCommand WithStore(Remedy remedy, StorePaths paths)
        => paths.ConfigDirectory != paths.StateDirectory ? new(remedy.Cmdlet, remedy.Shell) : new(Cmdlet(remedy.Cmdlet, paths.ConfigDirectory), Shell(remedy.Shell, paths.ConfigDirectory));

    // What comes behind a pipe gets the store from there.
    private static string Cmdlet(string command, string store) => CommandText.Append(command, $"-StorePath {CommandText.PowerShell(store)}");

    private static string? Shell(string? command, string store)
        => command?.StartsWith(Program + " ", StringComparison.Ordinal) == true ? $"{Program} --store {CommandText.Shell(store)}{command[Program.Length..]}" : command;
}
