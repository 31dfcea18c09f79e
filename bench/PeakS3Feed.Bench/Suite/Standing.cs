namespace PeakS3Feed.Bench.Suite;

/// <summary>The state of a contestant during a contest.</summary>
internal sealed class Standing(Contestant contestant)
{
    private readonly List<Measurement> _runs = [];

    public Contestant Contestant => contestant;

    public IReadOnlyList<Measurement> Runs => _runs;

    /// <summary>The hash of its last run's result; null if there is nothing to compare.</summary>
    public string? Hash { get; private set; }

    /// <summary>What was counted in its last run; null if nothing was.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; private set; }

    /// <summary>The reason why it takes no further part, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Prepares and runs it; after the last run, hashes its result.</summary>
    public async Task TakeTurnAsync(IServerMeter? server, bool isLast)
    {
        try
        {
            await contestant.PrepareAsync();
            await ProcessRunner.RunAsync(new("sync"));
            var run = await ProcessRunner.MeasureAsync(contestant.Command, server);
            _runs.Add(run);
            Counts = contestant.Counts?.Invoke();
            if (isLast)
                Hash = await contestant.HashAsync(run);
        }
        catch (Exception e)
        {
            Failure = e.Message;
        }
    }

    public void Compare(string? expected)
    {
        if (Hash is not null && Hash != expected)
            Failure = $"It has another result: {Hash} instead of {expected}.";
    }

    public override string ToString()
    {
        if (Failure is not null)
            return $"{contestant.Name} FAILED: {Failure}";
        var run = _runs[^1];
        var server = run.Server is { } s ? $"; server cpu {s.Cpu:0.00} s" + (s.PeakKiB is { } peak ? $", {peak / 1024} MiB" : "") : "";
        return $"{contestant.Name}: {run.Wall:0.00} s, cpu {run.Cpu:0.00} s, {run.PeakKiB / 1024} MiB{server}";
    }
}
