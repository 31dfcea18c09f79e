namespace PeakS3Feed.Destinations.Delta;

/// <summary>What holds for the actions of a commit of ours. A violation is an error of this program.</summary>
internal static class DeltaCommitRules
{
    /// <summary>The name of this program in commits.</summary>
    public static string EngineInfo { get; } = "PeakS3Feed/" + typeof(DeltaCommitRules).Assembly.GetName().Version!.ToString(3);

    /// <summary>Throws if the actions contradict each other or break the protocol.</summary>
    /// <exception cref="InvalidOperationException">They do.</exception>
    public static void ThrowIfInvalid(long version, IReadOnlyList<DeltaAction> actions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        var metadata = AtMostOne<DeltaMetadata>(actions);
        var protocol = AtMostOne<DeltaProtocol>(actions);
        AtMostOne<DeltaCommitInfo>(actions);
        if (version == 0 && (metadata is null || protocol is null))
            throw new InvalidOperationException("Version 0 has no protocol or no metadata.");
        if (protocol is not null)
            ThrowIfInvalid(protocol);
        if (Repeats(actions.OfType<DeltaTransaction>(), t => t.AppId) is { } app)
            throw new InvalidOperationException($"A commit states the progress of {app} twice.");
        if (Repeats(actions.OfType<DeltaFile>(), f => f.Name) is { } name)
            throw new InvalidOperationException($"A commit names the file {name} twice.");
        foreach (var add in actions.OfType<DeltaAdd>())
            ThrowIfInvalid(add, metadata);
    }

    /// <summary>The order in which a commit has its actions: what the table is before what it contains.</summary>
    public static IEnumerable<DeltaAction> Order(DeltaCommitInfo info, IReadOnlyList<DeltaAction> actions)
        => actions.Where(a => a is not DeltaCommitInfo).OrderBy(a => a switch
        {
            DeltaProtocol => 0,
            DeltaMetadata => 1,
            DeltaTransaction => 2,
            DeltaRemove => 3,
            _ => 4,
        }).Prepend(info);

    private static void ThrowIfInvalid(DeltaProtocol protocol)
    {
        if ((protocol.MinReaderVersion == DeltaFeatures.MaxReaderVersion) != (protocol.ReaderFeatures is not null)
            || (protocol.MinWriterVersion == DeltaFeatures.MaxWriterVersion) != (protocol.WriterFeatures is not null))
            throw new InvalidOperationException("A protocol lists features exactly in the versions 3 (readers) and 7 (writers).");
        if (protocol.ReaderFeatures?.Except(protocol.WriterFeatures ?? [], StringComparer.Ordinal).Any() == true)
            throw new InvalidOperationException("Each feature for readers is one for writers, too.");
    }

    private static void ThrowIfInvalid(DeltaAdd add, DeltaMetadata? metadata)
    {
        if (add.Size < 0)
            throw new InvalidOperationException($"The size of {add.Name} is negative.");
        var values = add.PartitionValues ?? throw new InvalidOperationException($"{add.Name} has no partition values.");
        if (metadata is not null && !metadata.PartitionColumns.ToHashSet(StringComparer.Ordinal).SetEquals(values.Keys))
            throw new InvalidOperationException($"The partition values of {add.Name} are not those of the table.");
        // Partition columns that begin with _ are visible, and only the metadata says which they are.
        if (DeltaPaths.IsHidden(add.Name, [.. values.Keys]))
            throw new InvalidOperationException($"Readers of the table would ignore {add.Name}.");
    }

    private static T? AtMostOne<T>(IReadOnlyList<DeltaAction> actions)
        where T : DeltaAction
    {
        var found = actions.OfType<T>().Take(2).ToList();
        return found.Count < 2 ? found.FirstOrDefault() : throw new InvalidOperationException($"A commit has two actions {typeof(T).Name}.");
    }

    private static string? Repeats<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (!seen.Add(key(item)))
                return key(item);
        }
        return null;
    }
}
