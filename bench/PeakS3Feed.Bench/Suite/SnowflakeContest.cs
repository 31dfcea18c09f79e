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
        using (var s3 = S3Access.Client(context.S3Endpoint))
            await s3.PutBucketAsync(SnowflakeAccount.Bucket);
        await feeds.ConnectAsync("snow_stage", SnowflakeAccount.Bucket, context.S3Endpoint);
        await feeds.AddSnowflakeAsync(Destination, snowflake, "snow_stage");
        var contestants = new List<Contestant>();
        foreach (var size in Sizes)
            contestants.Add(await LoadAsync(size));
        return new(BenchRows.SnowRequests, "files of one row", contestants);
    }

    private async Task<Contestant> LoadAsync(int count)
    {
        var folder = OneRowFiles.Write(context.Data, count);
        var feed = await feeds.AddAsync(folder, Formats.FileType.Csv, Destination, audited: false);
        return new(OneRowFiles.Describe(count), Row: count == Sizes[0] ? null : "", feeds.Run(feed))
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
}
