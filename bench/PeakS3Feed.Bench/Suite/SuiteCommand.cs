using System.Diagnostics;
using PeakS3Feed.Bench.Report;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Runs the suite in the environment that bench/run creates, prints the results, and stores them if requested.</summary>
internal static class SuiteCommand
{
    /// <summary>Returns the exit code.</summary>
    public static async Task<int> RunAsync(SuiteOptions options)
    {
        var home = Variable("PEAKS3FEED_BENCH_HOME");
        var context = new BenchContext
        {
            Home = home,
            Sources = Variable("PEAKS3FEED_BENCH_SOURCES"),
            Worker = Variable("PEAKS3FEED_BENCH_WORKER"),
            BuiltWorker = Variable("PEAKS3FEED_BENCH_BUILT_WORKER"),
            Postgres = new(Variable("PEAKS3FEED_TEST_POSTGRES"), Variable("PEAKS3FEED_BENCH_POSTGRES_DATA")),
            S3Endpoint = Variable("PEAKS3FEED_TEST_S3"),
            Data = new(home),
        };
        var began = TimeProvider.System.GetUtcNow();
        var clock = Stopwatch.GetTimestamp();
        var suite = new BenchSuite(context, options);
        await suite.RunAsync();
        var surroundings = await new SurroundingsReader(context).ReadAsync();
        var result = new SuiteResult(began, Stopwatch.GetElapsedTime(clock).TotalMinutes, surroundings, suite.Results, suite.Failures);
        Print(result);
        if (options.Save)
            Save(result, options, new ResultPage(context.Sources));
        return result.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>Returns a variable that bench/run sets.</summary>
    public static string Variable(string name)
        => Environment.GetEnvironmentVariable(name) ?? throw new BenchException($"{name} is not set; bench/run sets it.");

    private static void Print(SuiteResult result)
    {
        foreach (var contest in result.Contests)
            Console.WriteLine(ResultTables.Contest(contest));
        Console.WriteLine(ResultTables.Ratios(result));
        Console.WriteLine(ResultTables.Memory(result));
        foreach (var facts in (IReadOnlyDictionary<string, string>[])[result.Surroundings.Machine, result.Surroundings.Versions, result.Surroundings.Settings])
            Console.WriteLine(ResultTables.Facts(facts));
        foreach (var failure in result.Failures)
            Console.WriteLine("FAILED " + failure);
    }

    // Results of some rows complete the stored ones; results of all rows replace them.
    private static void Save(SuiteResult result, SuiteOptions options, ResultPage page)
    {
        var path = page.PathOf(options.Quick);
        (options.IsWhole ? result : result.Over(SuiteResult.Read(path))).Write(path);
        page.Write();
    }
}
