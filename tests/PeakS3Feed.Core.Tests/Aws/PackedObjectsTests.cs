using System.Text;
using PeakS3Feed.Aws;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Aws;

public class PackedObjectsTests
{
    private static readonly DateTimeOffset Time = new(2026, 5, 1, 2, 3, 4, TimeSpan.Zero);

    public static TheoryData<string> Tags
        => ["", "e", "0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdef-12", "0123456789abcdef0123456789abcdeg", "ü"];

    [Theory]
    [MemberData(nameof(Tags))]
    public void Objects_come_back_as_they_were_packed(string tag)
    {
        ListedObject[] objects =
        [
            new("", tag, 0, Time, IsInArchiveClass: false, null),
            new("in/a.csv", tag, long.MaxValue, Time.AddTicks(1), IsInArchiveClass: true, null),
            new("in/a.csv/" + new string('x', 3000), tag, 127, DateTimeOffset.MaxValue, IsInArchiveClass: true, Time.AddDays(1)),
            new("in/b 日 😀.csv", tag, 128, DateTimeOffset.MinValue, IsInArchiveClass: false, DateTimeOffset.UnixEpoch),
        ];

        var packed = Pack(objects);

        Assert.Equal(objects, packed.Read());
        Assert.Equal(("", "in/b 日 😀.csv", 4, true), (packed.First, packed.Last, packed.Count, packed.IsAscending));
        Assert.Equal([objects[0].Key, objects[2].Key], packed.SampleKeys(2));
    }

    [Theory]
    [InlineData("a", "a", false)]
    [InlineData("b", "a", false)]
    [InlineData("a", "a/", true)]
    [InlineData("\uE000", "😀", true)]
    [InlineData("😀", "\uFFFD", false)]
    public void The_order_is_that_of_the_bytes(string first, string second, bool isAscending)
    {
        Assert.Equal(isAscending, Pack(new(first, "e", 1, Time, IsInArchiveClass: false, null), new(second, "e", 1, Time, IsInArchiveClass: false, null)).IsAscending);
        Assert.Equal(isAscending, KeyOrder.Instance.Compare(first, second) < 0);
    }

    [Theory]
    [InlineData("a%20b+c%2B", "a b c+")]
    [InlineData("%F0%9F%98%80", "😀")]
    [InlineData("100%", "100%")]
    [InlineData("%zz%2", "%zz%2")]
    [InlineData("%%41", "%A")]
    public void Keys_are_decoded_as_in_a_url(string written, string meant)
    {
        using var packer = new ObjectPacker(new PageBuffers());
        packer.Begin();
        packer.SetKey(Encoding.UTF8.GetBytes(written), isEncoded: true);
        packer.End(1, Time, isInArchiveClass: false, restoredUntil: null);
        Assert.Equal((meant, System.Net.WebUtility.UrlDecode(written)), (packer.Pack().First, meant));
    }

    [Fact]
    public void A_usual_object_has_fewer_than_50_bytes()
    {
        var objects = Enumerable.Range(0, 1000).Select(n => new ListedObject($"in/kalomira/part-{n:D5}-{n * 7919:x8}.csv", $"{n:x32}", 120_000, Time, IsInArchiveClass: false, null));
        Assert.InRange(Pack([.. objects]).Bytes, 1, 50_000);
    }

    private static PackedObjects Pack(params ListedObject[] objects)
    {
        using var packer = new ObjectPacker(new PageBuffers());
        foreach (var o in objects)
        {
            packer.Begin();
            packer.SetKey(Encoding.UTF8.GetBytes(o.Key), isEncoded: false);
            packer.SetETag(Encoding.UTF8.GetBytes(o.ETag));
            packer.End(o.Size, o.LastModified, o.IsInArchiveClass, o.RestoredUntil);
        }
        return packer.Pack();
    }
}
