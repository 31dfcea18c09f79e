using System.Globalization;
using PeakS3Feed.Bench.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads few and many small files into the stand-in for Snowflake: the numbers of requests and statements are the same.</summary>
internal sealed class SnowflakeContest(BenchContext context, Feeds feeds, SnowflakeAccount snowflake)
{
    private const string Destination = "snow";

    private static readonly int[] Sizes = [1, 1_000, 20_000];

    public async Task<Contest> CreateAsync()
    {
        await feeds.ConnectAsync("snow_stage", SnowflakeAccount.Bucket, context.S3Endpoint);
        await feeds.AddSnowflakeAsync(Destination, snowflake, "snow_stage");
        var contestants = new List<Contestant>();
        foreach (var size in Sizes)
            contestants.Add(await LoadAsync(size));
        return new(BenchRows.SnowRequests, "files of one row", contestants);
    }

    private async Task<Contestant> LoadAsync(int count)
    {
        var folder = Write(count);
        var feed = await feeds.AddAsync(folder, Formats.FileType.Csv, Destination, audited: false);
        var name = string.Create(CultureInfo.InvariantCulture, $"peaks3feed run, {count:N0} source object{(count == 1 ? "" : "s")}");
        return new(name, Row: count == Sizes[0] ? null : "", feeds.Run(feed))
        {
            PrepareAsync = () => snowflake.BeginAsync(feed),
            Counts = snowflake.Counts,
            HashAsync = async _ =>
            {
                var rows = await snowflake.CountRowsAsync(feed);
                if (rows != count)
                    throw new BenchException($"It loaded {rows} rows instead of {count}.");
                var counts = snowflake.Counts();
                return string.Create(CultureInfo.InvariantCulture, $"{counts["requests without polls"]} requests, {counts["statements"]} statements");
            },
        };
    }

    // Each file has one row.
    private string Write(int count)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"objects-{count}");
        var folder = Path.Combine(context.Data.Root, name);
        Directory.CreateDirectory(folder);
        var objects = new SmallObjects(count, rowsEach: 1);
        for (var i = Directory.GetFiles(folder).Length; i < count; i++)
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(SmallObjects.Key(i))), objects.Content(i));
        return name;
    }
}
