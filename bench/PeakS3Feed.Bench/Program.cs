using System.Text.Json;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.Reading;
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
    default:
        await Console.Error.WriteLineAsync("peaks3feed-bench data HOME SET… | read TYPE FILE | hash TYPE FILE");
        return 2;
}
