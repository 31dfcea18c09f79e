namespace PeakS3Feed.Bench.Suite;

/// <summary>Ourselves, first, and the peers that do the same work with the same data; they take turns.</summary>
/// <param name="Id">A name, for messages and for the report.</param>
/// <param name="Size">The data, as it stands in the report.</param>
/// <param name="Contestants">Who takes part.</param>
/// <param name="Expected">The hash that the data was made with; null where the sides are only compared with each other.</param>
/// <param name="Server">Measures the server that they load.</param>
internal sealed record Contest(string Id, string Size, IReadOnlyList<Contestant> Contestants, string? Expected = null, ServerMeter? Server = null)
{
    /// <summary>Runs all of them in turn, so many times; each round begins with another one. Who fails takes no further turn.</summary>
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
