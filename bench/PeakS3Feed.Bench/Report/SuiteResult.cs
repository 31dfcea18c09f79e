using System.Text.Json;
using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>The results of a run of the suite. They are stored in bench/results, so that the page can be written again without a run.</summary>
/// <param name="Began">When the run started.</param>
/// <param name="Minutes">The duration in minutes, without building.</param>
internal sealed record SuiteResult(
    DateTimeOffset Began, double Minutes, Surroundings Surroundings, IReadOnlyList<ContestResult> Contests, IReadOnlyList<string> Failures)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static SuiteResult? Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<SuiteResult>(File.ReadAllText(path), Json) : null;

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
    }

    /// <summary>Returns these results, completed by those of an earlier run that were not measured again.</summary>
    public SuiteResult Over(SuiteResult? earlier) => earlier is null ? this : this with
    {
        Contests = [.. earlier.Contests.Select(old => Contests.FirstOrDefault(c => SameWork(c, old)) ?? old), .. Contests.Where(c => !earlier.Contests.Any(old => SameWork(c, old)))],
    };

    private static bool SameWork(ContestResult a, ContestResult b) => a.Id == b.Id && a.Size == b.Size;
}
