using System.Globalization;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>
/// The fake S3 server as a program. It prints its URL, reads the number of objects of the bucket "listing" from standard input, and ends when that
/// closes. The bucket "tiny" has 100,000 small files.
/// </summary>
internal static class FakeServer
{
    public const string Listing = "listing";
    public const string Tiny = "tiny";

    /// <summary>The size of an object in the listing.</summary>
    public const int ListedBytes = 120;

    /// <summary>When all objects were written.</summary>
    public static readonly DateTimeOffset Written = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.Records = false;
        s3.KeepsPages = true;
        var tiny = SmallObjects.Tiny;
        s3.Generate(Tiny, tiny.Count, tiny.Generate());
        Console.WriteLine(s3.Url);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            s3.Generate(Listing, int.Parse(line, CultureInfo.InvariantCulture), Listed);
            Console.WriteLine(line);
        }
    }

    /// <summary>Returns the entity tag of a listed object.</summary>
    public static string ETag(int number) => string.Create(CultureInfo.InvariantCulture, $"etag-{number}");

    private static FakeObject Listed(int number) => new(SmallObjects.Key(number), ListedBytes, ETag(number), Written, () => Content);

    // Only the first object is read: a header, one row, and blank lines up to its size.
    private static ReadOnlyMemory<byte> Content { get; } = System.Text.Encoding.ASCII.GetBytes(
        "id,qty,price,day,at,ok,code,name,city,note,ref,flag\n1,2,3.00,2026-01-01,,true,a,b,c,d,e,f\n".PadRight(ListedBytes, '\n'));
}
