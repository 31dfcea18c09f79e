using System.Globalization;
using System.Text;

namespace PeakS3Feed.Bench.Report;

/// <summary>Writes docs/benchmarks.md: the text of bench/benchmarks.template.md, and the figures of the last full and the last quick run.</summary>
internal sealed class ResultPage(string benchFolder)
{
    private string Results => Path.Combine(benchFolder, "results");

    /// <summary>Returns the path of the results of full or quick runs.</summary>
    public string PathOf(bool quick) => Path.Combine(Results, quick ? "quick.json" : "full.json");

    /// <summary>Writes the page.</summary>
    public void Write()
    {
        var page = File.ReadAllText(Path.Combine(benchFolder, "benchmarks.template.md"))
            .Replace("{{full}}\n", Section(SuiteResult.Read(PathOf(quick: false))), StringComparison.Ordinal)
            .Replace("{{quick}}\n", Section(SuiteResult.Read(PathOf(quick: true))), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(benchFolder, "..", "docs", "benchmarks.md"), page);
    }

    private static string Section(SuiteResult? result)
    {
        if (result is null)
            return "Not run yet.\n";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Run on {result.Began:yyyy-MM-dd}, {result.Minutes:0} minutes.\n\n");
        text.Append(ResultTables.Ratios(result)).Append('\n');
        if (ResultTables.Memory(result) is var memory && memory.Contains("**", StringComparison.Ordinal))
            text.Append(memory).Append('\n');
        foreach (var failure in result.Failures)
            text.Append(CultureInfo.InvariantCulture, $"Failed: {failure}\n\n");
        text.Append("### All that was measured\n\n");
        foreach (var contest in result.Contests)
            text.Append(ResultTables.Contest(contest)).Append('\n');
        text.Append("### Machine\n\n").Append(ResultTables.Facts(result.Surroundings.Machine));
        text.Append("\n### Versions\n\n").Append(ResultTables.Facts(result.Surroundings.Versions));
        text.Append("\n### PostgreSQL's settings\n\n").Append(ResultTables.Facts(result.Surroundings.Settings));
        return text.ToString();
    }
}
