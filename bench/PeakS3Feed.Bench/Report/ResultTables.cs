using System.Globalization;
using System.Text;
using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>Formats results as Markdown.</summary>
internal static class ResultTables
{
    /// <summary>Returns the table of ratios.</summary>
    public static string Ratios(SuiteResult result)
    {
        var text = new StringBuilder("| row | work | data | ours s | peer s | ratio | at least | reach for | | ours with all audit columns s |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in RowCatalog.Ratios)
        {
            foreach (var contest in result.Contests)
            {
                if ((row.IsAudited ? Audited(contest) : Ours(contest)) is not { } ours || TimeOfPeer(row, contest, ours) is not { } their)
                    continue;
                var our = row.TimeOf(ours);
                var ratio = their / our;
                text.Append(CultureInfo.InvariantCulture, $"| `{row.Id}` | {row.Work} | {contest.Size} | {Number(our)} | {Number(their)} ");
                text.Append(CultureInfo.InvariantCulture, $"| **{Number(ratio)}** | {row.AtLeast} | {row.ReachFor} | {Verdict(ratio >= row.AtLeast, ratio >= row.ReachFor)} | {Number(Audited(contest)?.Wall)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Returns the table of peak memory.</summary>
    public static string Memory(SuiteResult result)
    {
        var text = new StringBuilder("| row | work | data | | peak MiB | at most | reach for | |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in RowCatalog.Memory)
        {
            foreach (var (contest, ours) in result.Contests.Where(c => c.Id == row.Id).SelectMany(c => c.Contestants.Where(o => o.Row is null).Select(o => (c, o))))
            {
                var peak = MiB(ours.PeakKiB);
                text.Append(CultureInfo.InvariantCulture, $"| `{row.Id}` | {row.Work} | {contest.Size} | {ours.Name} | **{peak}** | {row.AtMost} | {row.ReachFor} ");
                text.Append(CultureInfo.InvariantCulture, $"| {Verdict(peak <= row.AtMost, peak <= row.ReachFor)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Returns all measurements of a contest.</summary>
    public static string Contest(ContestResult contest)
    {
        var ours = Ours(contest);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"`{contest.Id}`, {contest.Size}, {contest.Rounds} rounds{Compared(contest)}\n\n");
        // Where something is counted, the times are beside the point.
        var counts = Counts(contest);
        text.Append(counts.Length > 0 ? counts : Times(contest, ours));
        foreach (var failure in contest.Failures)
            text.Append(CultureInfo.InvariantCulture, $"\nFailed: {failure}\n");
        return text.ToString();
    }

    private static string Times(ContestResult contest, ContestantResult? ours)
    {
        var text = new StringBuilder();
        text.Append("| | wall s | fastest to slowest | to ours | CPU s | peak MiB | server CPU s | backend's peak MiB |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var c in contest.Contestants)
        {
            var ratio = c == ours || ours is null ? "" : Number(c.Wall / ours.Wall);
            text.Append(CultureInfo.InvariantCulture, $"| {c.Name} | {Number(c.Wall)} | {Number(c.Fastest)} to {Number(c.Slowest)} | {ratio} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Number(c.Cpu)} | {MiB(c.PeakKiB)} | {Number(c.ServerCpu)} | {(c.ServerPeakKiB is { } kib ? MiB(kib) : "")} |\n");
        }

        return text.ToString();
    }

    // What the contestants counted, each with the same names.
    private static string Counts(ContestResult contest)
    {
        var counted = contest.Contestants.Where(c => c.Counts is not null).ToList();
        if (counted.Count == 0)
            return "";
        var names = counted[0].Counts!.Keys.ToList();
        var text = new StringBuilder($"| | {string.Join(" | ", names)} |\n|---|{string.Concat(names.Select(_ => "---|"))}\n");
        foreach (var c in counted)
            text.Append(CultureInfo.InvariantCulture, $"| {c.Name} | {string.Join(" | ", names.Select(n => Number(c.Counts!.GetValueOrDefault(n))))} |\n");
        return text.ToString();
    }

    public static string Facts(IReadOnlyDictionary<string, string> facts)
        => "| | |\n|---|---|\n" + string.Concat(facts.Select(f => $"| {f.Key} | {f.Value} |\n"));

    // Of a share: the time that the work would take if all processors were always busy.
    private static double? TimeOfPeer(BenchRowInfo row, ContestResult contest, ContestantResult ours)
        => row.IsShare
            ? contest.Id == row.Id ? ours.Busy / Environment.ProcessorCount : null
            : contest.Contestants.FirstOrDefault(c => c.Row == row.PeerRow) is { } peer ? row.TimeOf(peer) : null;

    private static ContestantResult? Ours(ContestResult contest) => contest.Contestants.FirstOrDefault(c => c.Row is null);

    private static ContestantResult? Audited(ContestResult contest) => contest.Contestants.Where(c => c.Row is null).ElementAtOrDefault(1);

    private static string Compared(ContestResult contest) => contest.Hash is { } hash ? $"; the same on all sides: `{hash}`" : "";

    private static string Verdict(bool enough, bool hoped) => hoped ? "reached" : enough ? "enough" : "**not reached**";

    private static long MiB(long kib) => (kib + 1023) / 1024;

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
