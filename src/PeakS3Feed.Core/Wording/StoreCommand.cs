using System.Text.RegularExpressions;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Wording;

/// <summary>Commands as somebody types them who is anywhere: with the store named.</summary>
internal static partial class StoreCommand
{
    private const string Program = "peaks3feed";

    /// <summary>The commands of a remedy on a store. One that is the user's own by default and in two folders cannot be named.</summary>
    public static WatcherCommand Of(Remedy remedy, StorePaths paths)
        => paths.ConfigDirectory != paths.StateDirectory ? new(remedy.Cmdlet, remedy.Shell) : new(Cmdlet(remedy.Cmdlet, paths.ConfigDirectory), Shell(remedy.Shell, paths.ConfigDirectory));

    private static string Cmdlet(string command, string store)
    {
        // What comes behind a pipe gets the store from there.
        var end = command.IndexOf(" | ", StringComparison.Ordinal);
        var path = Plain().IsMatch(store) ? store : $"'{Quotes().Replace(store, "$0$0")}'";
        return command.Insert(end < 0 ? command.Length : end, $" -StorePath {path}");
    }

    private static string? Shell(string? command, string store)
    {
        if (command?.StartsWith(Program + " ", StringComparison.Ordinal) != true)
            return command;
        var path = Plain().IsMatch(store) ? store : OperatingSystem.IsWindows() ? $"\"{store}\"" : $"'{store.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        return $"{Program} --store {path}{command[Program.Length..]}";
    }

    [GeneratedRegex(@"^[\w./\\:-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();

    // All that PowerShell takes for a single quote.
    [GeneratedRegex("['\u2018\u2019\u201a\u201b]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quotes();
}
