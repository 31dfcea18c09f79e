using System.Globalization;
using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Wording;

/// <summary>Describes the progress of runs.</summary>
public static class ProgressText
{
    /// <summary>Returns the progress in one line.</summary>
    public static string Format(RunProgress progress) => progress.Phase switch
    {
        RunPhase.Planning => progress.ObjectsListed > 0 ? $"{Quantities.Count(progress.ObjectsListed, "object")} listed" : "planning",
        RunPhase.Committing => $"{Quantities.Count(progress.Rows, "row")}, committing",
        RunPhase.Merging => $"{Quantities.Count(progress.Rows, "row")}, merging with {Quantities.Count(progress.FilesMerged, "file")} of the table",
        _ => string.Join(", ", Loading(progress)),
    };

    /// <summary>Returns the progress of several feeds in one line.</summary>
    public static string Format(BatchState state) => string.Join(", ", All(state));

    private static IEnumerable<string> Loading(RunProgress progress)
    {
        yield return $"{Quantities.Count(progress.Objects)}/{Quantities.Count(progress.ObjectsTotal, "object")}";
        yield return $"{Quantities.Size(progress.Bytes)}/{Quantities.Size(progress.BytesTotal)} ({Percent(progress.Share)})";
        yield return Quantities.Count(progress.Rows, "row");
        if (progress.Rejects > 0)
            yield return Quantities.Count(progress.Rejects, "reject");
        foreach (var part in Speed(progress.BytesPerSecond, progress.TimeLeft))
            yield return part;
    }

    private static IEnumerable<string> All(BatchState state)
    {
        yield return $"{Quantities.Count(state.Ended)} of {Quantities.Count(state.Feeds, "feed")} ended";
        yield return $"{Quantities.Count(state.Running)} running";
        yield return Quantities.Count(state.Rows, "row");
        foreach (var part in Speed(state.BytesPerSecond, state.TimeLeft))
            yield return part;
    }

    private static IEnumerable<string> Speed(double bytesPerSecond, TimeSpan? timeLeft)
    {
        if (bytesPerSecond > 0)
            yield return $"{Quantities.Size(bytesPerSecond)}/s";
        if (timeLeft is { } left && left > TimeSpan.Zero)
            yield return $"{Quantities.Duration(left)} left";
    }

    // Rounded down: 100% means everything.
    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):0}%");
}
