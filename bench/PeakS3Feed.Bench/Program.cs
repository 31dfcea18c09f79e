using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.Peers;
using PeakS3Feed.Bench.Reading;
using PeakS3Feed.Bench.Report;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Bench.Suite;
using PeakS3Feed.Formats;

// The programs of the benchmark that bench/run starts. Exit code 0 for success, 1 for a failure, 2 for an invalid command line.
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
    case ["stage", var type, var from, var to, var lanes]:
        Console.WriteLine(await StagedRead.RunAsync(Enum.Parse<FileType>(type), from, to, int.Parse(lanes, CultureInfo.InvariantCulture)));
        return 0;
    case ["fetch", var type, var url, var bucket, var lanes]:
        Console.WriteLine(await SourceRead.RunAsync(Enum.Parse<FileType>(type), url, bucket, int.Parse(lanes, CultureInfo.InvariantCulture)));
        return 0;
    case ["csvhelper", var packed, var table]:
        await CsvHelperLoad.RunAsync(packed, table, SuiteCommand.Variable("PEAKS3FEED_BENCH_POSTGRES"));
        return 0;
    case ["gets", var url, var bucket, var count]:
        Console.WriteLine(await SdkGets.ReadAsync(url, bucket, int.Parse(count, CultureInfo.InvariantCulture)));
        return 0;
    case ["list", var url, var bucket]:
        Console.WriteLine(await SdkListing.CountAsync(url, bucket));
        return 0;
    case ["drain", var url, var bucket, var key]:
        Console.WriteLine(await SdkGets.DrainAsync(url, bucket, key));
        return 0;
    case ["network-s3"]:
        await NetworkServer.RunAsync();
        return 0;
    case ["fake-s3"]:
        await FakeServer.RunAsync();
        return 0;
    case ["suite", .. var rest] when SuiteOptions.Parse(rest) is { } options:
        return await SuiteCommand.RunAsync(options);
    case ["page", var sources]:
        new ResultPage(sources).Write();
        return 0;
    default:
        await Console.Error.WriteLineAsync("bench/run [--quick] [--only ROW,…] [--size XS|M|S|L] [--rounds N] [--save] | --page; rows: " + string.Join(' ', BenchRows.All));
        return 2;
}
