using System.IO.Compression;
using System.Text;
using PeakS3Feed.Feeds.Direct;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>What the first bytes of an object show.</summary>
public sealed class ObjectStartTests
{
    [Theory]
    [InlineData("id,name\n1,", false, "id,name", null)]
    [InlineData("id,name\r\n1,", false, "id,name", null)]
    [InlineData("id,name\r", false, "id,name", null)] // the LF may follow
    [InlineData("id,name", true, "id,name", null)]
    [InlineData("\"a,\"\"b\",c\n", false, "\"a,\"\"b\",c", null)]
    [InlineData("id,name\r", true, "id,name", "its lines end with CR")]
    [InlineData("id,name\r1", false, "id,name", "its lines end with CR")]
    [InlineData("id,na", false, "", "its header is longer")]
    [InlineData("\"a\nb\",c\n", false, "\"a", "its header has a line break")]
    [InlineData("\"a", true, "\"a", "a quote without an end")]
    [InlineData("\nid,name\n", false, "", "it begins with a blank line")]
    [InlineData("\uFEFFid,name\n", false, "", "byte order mark")]
    public void The_header_is_the_first_line(string text, bool isWhole, string header, string? problem)
    {
        foreach (var packed in (bool[])[false, true])
        {
            var stored = packed ? Pack(text) : Encoding.UTF8.GetBytes(text);
            // Packed bytes that are not whole have no end mark.
            var start = ObjectStart.Read(packed && !isWhole ? stored[..^8] : stored, isWhole);

            Assert.Equal((packed, header), (start.IsGzip, Encoding.UTF8.GetString(start.Header)));
            if (problem is null)
                Assert.Null(start.Problem);
            else
                Assert.Contains(problem, start.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_beginning_of_a_large_compressed_object_is_enough()
    {
        var random = new Random(1);
        var text = "id,name\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{random.Next()},{random.NextDouble()}\n"));
        var start = ObjectStart.Read(Pack(text)[..4096], isWhole: false);
        Assert.Equal(("id,name", null), (Encoding.UTF8.GetString(start.Header), start.Problem));
    }

    [Fact]
    public void An_object_that_is_compressed_twice_or_damaged_is_a_problem()
    {
        Assert.Equal("it is compressed twice", ObjectStart.Read(Pack(Pack("id\n1\n")), isWhole: true).Problem);
        var damaged = Pack("id,name\n1,Ann\n");
        damaged[12] ^= 0xFF;
        Assert.NotNull(ObjectStart.Read(damaged, isWhole: true).Problem);
        Assert.NotNull(ObjectStart.Read([0x1F, 0x8B, 9], isWhole: true).Problem);
    }

    [Theory]
    [InlineData("a,b", ',', "a|b")]
    [InlineData("a;\"b;\"\"c\"\";é\"", ';', "a|b;\"c\";é")]
    [InlineData("", ',', "")]
    [InlineData("a,,", ',', "a||")]
    public void Names_are_between_separators(string header, char separator, string names)
        => Assert.Equal(names, string.Join('|', ObjectStart.Read(Encoding.UTF8.GetBytes(header + "\n"), isWhole: true).ReadNames(separator)));

    private static byte[] Pack(string text) => Pack(Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }
}
