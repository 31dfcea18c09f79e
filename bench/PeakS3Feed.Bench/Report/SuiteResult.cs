using System.Text.Json;
using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>What a run of the suite found; kept in bench/results, so that the page can be written again without it.</summary>
/// <param name="Began">When.</param>
/// <param name="Minutes">How long it took, without building.</param>
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

    /// <summary>This one, and what of an earlier one was not measured again.</summary>
    public SuiteResult Over(SuiteResult? earlier) => earlier is null ? this : this with
    {
        Contests = [.. earlier.Contests.Select(old => Contests.FirstOrDefault(c => SameWork(c, old)) ?? old), .. Contests.Where(c => !earlier.Contests.Any(old => SameWork(c, old)))],
    };

    private static bool SameWork(ContestResult a, ContestResult b) => a.Id == b.Id && a.Size == b.Size;
}
