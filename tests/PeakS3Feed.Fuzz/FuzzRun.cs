using System.Diagnostics;
using PeakS3Feed.Fuzz.Cases;
using PeakS3Feed.Fuzz.Checks;

namespace PeakS3Feed.Fuzz;

/// <summary>Runs cases on every processor until the time or their number is over.</summary>
internal sealed class FuzzRun(FuzzOptions options, Artifacts artifacts)
{
    private const int MostFailures = 5;

    // The largest cases take some seconds of a processor, however long that may last where others want it too.
    private static readonly TimeSpan MostSpentPerCase = TimeSpan.FromSeconds(60) * Environment.ProcessorCount;
    private static readonly TimeSpan MostPerCase = TimeSpan.FromMinutes(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private ulong _next = options.Seed;
    private ulong _done;
    private ulong _rows;
    private int _failures;

    /// <summary>Whether no case failed.</summary>
    public bool Run()
    {
        Worker[] workers = [.. Enumerable.Range(1, options.Cases == 1 ? 1 : Environment.ProcessorCount).Select(n => new Worker(n))];
        foreach (var worker in workers)
            worker.Start(() => Work(worker));
        while (!workers.All(w => w.Join(TimeSpan.FromMilliseconds(200))))
        {
            if (workers.FirstOrDefault(w => w.Spent > MostSpentPerCase || w.RunsFor > MostPerCase) is { } stuck)
            {
                // What hangs cannot be stopped: the program ends with it.
                Fail(stuck.Case!.Value, $"it does not end: {stuck.RunsFor.TotalSeconds:F0} s, {stuck.Spent.TotalSeconds:F0} s of the processors");
                return false;
            }
        }

        Console.WriteLine($"{_done} cases, {_rows} rows and rejects, {_failures} failed, {_clock.Elapsed.TotalSeconds:F1} s; seeds from {options.Seed}");
        return _failures == 0;
    }

    private void Work(Worker worker)
    {
        using var note = artifacts.OpenNote(worker.Number);
        while (TryTake() is { } seed)
        {
            // Should the process die, the note names the case.
            note.Write(seed);
            worker.Begin(seed);
            var failure = Try(seed, out var rows);
            worker.End();
            lock (_lock)
            {
                _done++;
                _rows += (ulong)rows;
            }

            if (failure is not null)
                Fail(seed, failure);
        }
    }

    private ulong? TryTake()
    {
        lock (_lock)
        {
            var taken = _next - options.Seed;
            return _failures >= MostFailures || taken >= (options.Cases ?? ulong.MaxValue) || (options.Cases is null && _clock.Elapsed > options.Duration) ? null : _next++;
        }
    }

    private string? Try(ulong seed, out int rows)
    {
        rows = 0;
        try
        {
            var fuzzCase = CaseFactory.Make(seed, options.Format);
            var (read, isBroken) = ReadCheck.RunAsync(fuzzCase).GetAwaiter().GetResult();
            rows = read.Entries.Count;
            AssemblyCheck.RunAsync(fuzzCase, read, isBroken).GetAwaiter().GetResult();
            return null;
        }
        catch (FuzzFailure e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            return $"an exception that is none of ours: {e}";
        }
    }

    private void Fail(ulong seed, string failure)
    {
        lock (_lock)
        {
            _failures++;
            var format = options.Format is null ? "" : $" --format {options.Format}";
            artifacts.Report(CaseFactory.Make(seed, options.Format), failure, $"dotnet run -c Release --project tests/PeakS3Feed.Fuzz -- --seed {seed} --cases 1{format}", _clock.Elapsed);
        }
    }
}
