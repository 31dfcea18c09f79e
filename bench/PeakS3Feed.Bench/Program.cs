using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.Peers;
using PeakS3Feed.Bench.Reading;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Bench.Suite;
using PeakS3Feed.Formats;

// The programs of the benchmark that are ours; bench/run starts them. Exit code 0 when all is well, 1 when not, 2 for a wrong command line.
switch (args)
{
    case ["data", var home, .. var names]:
        var folder = new DataFolder(home);
        foreach (var name in names)
            Console.WriteLine($"{name} {JsonSerializer.Serialize(await folder.MakeAsync(DataSet.Find(name)))}");
        return 0;
    case ["read", var type, var path]:
        Console.WriteLine(await TypedRead.RunAsync(Enum.Parse<FileType>(type), path, hash: false));
        return 0;
    case ["hash", var type, var path]:
        Console.WriteLine(await TypedRead.RunAsync(Enum.Parse<FileType>(type), path, hash: true));
        return 0;
    case ["csvhelper", var packed, var table]:
        await CsvHelperLoad.RunAsync(packed, table, Variable("PEAKS3FEED_BENCH_POSTGRES"));
        return 0;
    case ["gets", var url, var bucket, var count]:
        Console.WriteLine(await SdkGets.ReadAsync(url, bucket, int.Parse(count, CultureInfo.InvariantCulture)));
        return 0;
    case ["list", var url, var bucket]:
        Console.WriteLine(await SdkListing.CountAsync(url, bucket));
        return 0;
    case ["fake-s3"]:
        await FakeServer.RunAsync();
        return 0;
    case ["suite", .. var rest] when SuiteOptions.Parse(rest) is { } options:
        return await SuiteAsync(options);
    default:
        await Console.Error.WriteLineAsync("bench/run [--quick] [--only ROW,…] [--size XS|M|S|L] [--rounds N] [--save]; rows: " + string.Join(' ', BenchRows.All));
        return 2;
}

static async Task<int> SuiteAsync(SuiteOptions options)
{
    var home = Variable("PEAKS3FEED_BENCH_HOME");
    var context = new BenchContext
    {
        Home = home,
        Sources = Variable("PEAKS3FEED_BENCH_SOURCES"),
        Worker = Variable("PEAKS3FEED_BENCH_WORKER"),
        Postgres = new(Variable("PEAKS3FEED_TEST_POSTGRES"), Variable("PEAKS3FEED_BENCH_POSTGRES_DATA")),
        S3Endpoint = Variable("PEAKS3FEED_TEST_S3"),
        Data = new(home),
    };
    var suite = new BenchSuite(context, options);
    await suite.RunAsync();
    foreach (var result in suite.Results)
        Console.WriteLine(ResultTables.Contest(result));
    foreach (var failure in suite.Failures)
        Console.WriteLine("FAILED " + failure);
    return suite.Failures.Count == 0 ? 0 : 1;
}

static string Variable(string name)
    => Environment.GetEnvironmentVariable(name) ?? throw new BenchException($"{name} is not set; bench/run sets it.");
