namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// Whether work that was planned from one version of a table still holds after the commits that others made since. If it does not, the work begins
/// again with the newest version.
/// </summary>
internal static class DeltaConflicts
{
    /// <summary>Finds the conflict of some work with commits. If there are several, the first one of the enumeration's order counts.</summary>
    /// <param name="work">What the work read and changes.</param>
    /// <param name="commits">The commits since the version that it was planned from.</param>
    public static DeltaConflict Find(DeltaWork work, IReadOnlyList<DeltaCommit> commits)
    {
        var actions = commits.SelectMany(c => c.Actions).ToList();
        if (actions.OfType<DeltaTransaction>().Any(t => string.Equals(t.AppId, work.AppId, StringComparison.Ordinal)))
            return DeltaConflict.Overtaken;
        if (actions.Any(a => a is DeltaMetadata or DeltaProtocol))
            return DeltaConflict.MetadataChanged;
        return actions.Any(a => Meets(work, a)) ? DeltaConflict.FilesChanged : DeltaConflict.None;
    }

    private static bool Meets(DeltaWork work, DeltaAction action) => action switch
    {
        DeltaRemove remove => work.Files.Contains(remove.Name),
        // A file that holds only rows of other files, such as a compacted one, may hold one of the keys all the same.
        DeltaAdd add => work.Files.Contains(add.Name) || work.MayHoldKey?.Invoke(add) == true,
        _ => false,
    };
}

/// <summary>What work on a table read and changes.</summary>
/// <param name="AppId">The application, by which its progress is in the log.</param>
/// <param name="Files">The names of the files that it read or removes. Empty for an append.</param>
/// <param name="MayHoldKey">
/// Whether a file that is added may hold rows with one of the keys of the work, for example by its statistics; null if the work looked for no
/// keys.
/// </param>
internal sealed record DeltaWork(string AppId, IReadOnlySet<string> Files, Func<DeltaAdd, bool>? MayHoldKey)
{
    /// <summary>Work that only adds rows.</summary>
    public static DeltaWork Append(string appId) => new(appId, new HashSet<string>(StringComparer.Ordinal), null);

    /// <summary>
    /// Work that replaces all rows. It takes the list of files that it removes from the newest version, so that files cannot conflict.
    /// </summary>
    public static DeltaWork ReplaceAll(string appId) => Append(appId);
}

/// <summary>Why work has to begin again.</summary>
internal enum DeltaConflict
{
    /// <summary>It need not.</summary>
    None,

    /// <summary>Another run of the same application has committed.</summary>
    Overtaken,

    /// <summary>The schema, a property or the protocol of the table changed.</summary>
    MetadataChanged,

    /// <summary>A file that the work read or removes was removed, or a file was added that may hold one of its keys.</summary>
    FilesChanged,
}
