using System.Globalization;
using System.Text;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Results as Markdown.</summary>
internal static class ResultTables
{
    public static string Contest(ContestResult result)
    {
        var ours = result.Contestants.FirstOrDefault(c => c.Row is null);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"`{result.Id}` {result.Size}, {result.Rounds} rounds; rows and hash: {result.Hash ?? "not compared"}\n\n");
        text.Append("| | wall s | fastest to slowest | ratio | CPU s | peak MiB | server CPU s | backend's peak MiB |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var c in result.Contestants)
        {
            var ratio = c == ours || ours is null ? "" : Number(c.Wall / ours.Wall) + "x";
            text.Append(CultureInfo.InvariantCulture, $"| {c.Name} | {Number(c.Wall)} | {Number(c.Fastest)} to {Number(c.Slowest)} | {ratio} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Number(c.Cpu)} | {c.PeakKiB / 1024} | {Number(c.ServerCpu)} | {c.ServerPeakKiB / 1024} |\n");
        }

        return text.ToString();
    }

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
}
