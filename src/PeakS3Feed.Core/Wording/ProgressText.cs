using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Wording;

/// <summary>Describes the progress of a run.</summary>
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

    private static IEnumerable<string> Loading(RunProgress progress)
    {
        yield return $"{Quantities.Count(progress.Objects)}/{Quantities.Count(progress.ObjectsTotal, "object")}";
        yield return $"{Quantities.Size(progress.Bytes)}/{Quantities.Size(progress.BytesTotal)}";
        yield return Quantities.Count(progress.Rows, "row");
        if (progress.Rejects > 0)
            yield return Quantities.Count(progress.Rejects, "reject");
        if (progress.BytesPerSecond > 0)
            yield return $"{Quantities.Size(progress.BytesPerSecond)}/s";
        if (progress.TimeLeft is { } left && left > TimeSpan.Zero)
            yield return $"{Quantities.Duration(left)} left";
    }
}
