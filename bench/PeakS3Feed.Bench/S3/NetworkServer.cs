using System.Globalization;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>
/// The fake S3 server behind a slow network, as a program. It prints its URL. Each line of standard input sets the network: the milliseconds to the first
/// byte of an answer, and the bytes that a connection carries in a second (0 for no limit). It answers with the figures since the line before, and ends
/// when standard input closes.
/// </summary>
internal static class NetworkServer
{
    /// <summary>A bucket with 1,000,000 objects in 2,000 folders.</summary>
    public const string Folders = "folders";

    /// <summary>A bucket with 1,000,000 objects in one folder.</summary>
    public const string Flat = "flat";

    /// <summary>A bucket with <see cref="SmallObjects.TenKilobytes"/>.</summary>
    public const string Objects = "objects";

    /// <summary>A bucket with one CSV of 2 GiB.</summary>
    public const string Large = "large";

    /// <summary>A bucket with 40 gzipped CSVs of about 25 MB each.</summary>
    public const string Packed = "gzip";

    /// <summary>The number of objects in a bucket to list.</summary>
    public const int Listed = 1_000_000;

    private const int FolderCount = 2_000;

    public static async Task RunAsync()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Records = false;
        var (folders, flat) = (KeySpaces.Folders(Listed, FolderCount), KeySpaces.Flat());
        s3.Generate(Folders, Listed, n => KeySpaces.Object(folders(n), n));
        s3.Generate(Flat, Listed, n => KeySpaces.Object(flat(n), n));
        var small = SmallObjects.TenKilobytes;
        s3.Generate(Objects, small.Count, small.Generate());
        s3.Generate(Large, 1, NetworkObjects.Large());
        s3.Generate(Packed, NetworkObjects.PackedCount, NetworkObjects.Packed());
        Console.WriteLine(s3.Url);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var numbers = line.Split(' ');
            var figures = s3.Traffic.Read();
            s3.Network = new FakeNetwork
            {
                Delay = TimeSpan.FromMilliseconds(int.Parse(numbers[0], CultureInfo.InvariantCulture)),
                BytesPerSecond = long.Parse(numbers[1], CultureInfo.InvariantCulture),
            };
            s3.Traffic.Clear();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.Requests} requests, {figures.Lists} of them pages of listings, at most {figures.AtOnce} at a time; first byte after {figures.DelayMedian:0.0} ms, {figures.RateMedian / 1e6:0.0} MB/s a connection"));
        }
    }
}
