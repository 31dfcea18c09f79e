namespace PeakS3Feed.Bench.Suite;

/// <summary>Runs PeakS3Feed and its peers in turns, with the same work and data.</summary>
/// <param name="Id">The name, for messages and the report.</param>
/// <param name="Size">The data, as in the report.</param>
/// <param name="Contestants">The contestants, PeakS3Feed first.</param>
/// <param name="Expected">The hash of the generated data; null if the results are only compared with each other.</param>
/// <param name="Server">Measures the server that they load.</param>
internal sealed record Contest(string Id, string Size, IReadOnlyList<Contestant> Contestants, string? Expected = null, IServerMeter? Server = null)
{
    /// <summary>Runs this number of rounds, each of which begins with another contestant. A contestant that fails takes no further part.</summary>
    public async Task<ContestResult> RunAsync(int rounds, Action<string> log)
    {
        var standings = Contestants.Select(c => new Standing(c)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < standings.Length; turn++)
            {
                var standing = standings[(turn + round) % standings.Length];
                if (standing.Failure is not null)
                    continue;
                await standing.TakeTurnAsync(Server, isLast: round == rounds - 1);
                log($"{Id} {Size} {round + 1}/{rounds} {standing}");
            }
        }

        var expected = Expected ?? standings.FirstOrDefault(s => s.Hash is not null)?.Hash;
        foreach (var standing in standings)
            standing.Compare(expected);
        return new(Id, Size, rounds, expected, [.. standings.Where(s => s.Runs.Count > 0).Select(ContestantResult.Of)])
        {
            Failures = [.. standings.Where(s => s.Failure is not null).Select(s => $"{s.Contestant.Name}: {s.Failure}")],
        };
    }
}
