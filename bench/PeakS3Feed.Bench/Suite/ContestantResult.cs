namespace PeakS3Feed.Bench.Suite;

/// <summary>The medians of a contestant's runs, and the maximum of its memory.</summary>
internal sealed record ContestantResult(
    string Name, string? Row, double Wall, double Fastest, double Slowest, double Cpu, long PeakKiB, double? ServerCpu, long? ServerPeakKiB)
{
    /// <summary>What was counted in the last run, by name; null if nothing was.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>The median of the seconds that the processors of the machine were busy; null in results of earlier versions.</summary>
    public double? Busy { get; init; }

    public static ContestantResult Of(Standing standing)
    {
        var (contestant, runs) = (standing.Contestant, standing.Runs);
        return new(
            contestant.Name,
            contestant.Row,
            Median(runs.Select(r => r.Wall)),
            runs.Min(r => r.Wall),
            runs.Max(r => r.Wall),
            Median(runs.Select(r => r.Cpu)),
            runs.Max(r => r.PeakKiB),
            runs[0].Server is null ? null : Median(runs.Select(r => r.Server!.Cpu)),
            runs.Max(r => r.Server?.PeakKiB))
        {
            Counts = standing.Counts,
            Busy = Median(runs.Select(r => r.Busy)),
        };
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
