using System.Text;
using System.Xml.Linq;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Tests.Aws;

public class ListingReaderTests
{
    private const string Start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>acme</Name>";
    private const string End = "</ListBucketResult>";

    [Fact]
    public void An_object_is_read_with_all_that_is_said_of_it()
    {
        var page = Read(Start + "<Prefix/><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken><Contents><Key>in/a.csv</Key>"
            + "<LastModified>2026-05-01T02:03:04.567Z</LastModified><ETag>&quot;0f1e&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>12345678901</Size>"
            + "<Owner><ID>7</ID><DisplayName>Key</DisplayName></Owner><StorageClass>GLACIER</StorageClass>"
            + "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-06-01T00:00:00Z</RestoreExpiryDate></RestoreStatus></Contents>" + End);
        Assert.Equal("a&b=", page.Next);
        Assert.Equal(
            new ListedObject("in/a.csv", "0f1e", 12345678901, new(2026, 5, 1, 2, 3, 4, 567, TimeSpan.Zero), IsInArchiveClass: true, new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)),
            Assert.Single(page.Objects));
    }

    [Theory]
    [InlineData("a&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;", "a<>&\"'A😀")]
    [InlineData("<![CDATA[a<b]]>c", "a<bc")]
    [InlineData("a<!-- not <b> this -->b", "ab")]
    [InlineData(" ü 日本 ", " ü 日本 ")]
    [InlineData("a%20b+c", "a%20b+c")]
    public void Text_is_what_xml_says_it_is(string written, string meant)
        => Assert.Equal(meant, Assert.Single(Read($"{Start}<Contents><Key>{written}</Key></Contents>{End}").Objects).Key);

    [Theory]
    [InlineData("<x:Contents a=\"1>2\" b='\"/>'><x:Key >k</x:Key ></x:Contents>")]
    [InlineData("<!-- <Contents> --><?pi ?>\n <Contents\n>\n<Key>k</Key><Unknown><Key>other</Key><Empty/><Key/></Unknown> </Contents>")]
    public void How_the_elements_are_written_does_not_matter(string contents)
        => Assert.Equal("k", Assert.Single(Read(Start + contents + End).Objects).Key);

    [Fact]
    public void Keys_are_decoded_wherever_the_page_says_that_they_are_encoded()
    {
        const string Contents = "<Contents><Key>dt%3D1/a+b%2B.csv</Key></Contents>";
        const string Encoding = "<EncodingType>url</EncodingType>";
        Assert.All([Encoding + Contents, Contents + Encoding], c => Assert.Equal("dt=1/a b+.csv", Read(Start + c + End).Objects[0].Key));
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData(" TRUE\n", true)]
    [InlineData("False", false)]
    public void Words_are_known_however_they_are_written(string truncated, bool more)
    {
        var page = Read($"{Start}<IsTruncated>{truncated}</IsTruncated><NextContinuationToken>a</NextContinuationToken><EncodingType>URL</EncodingType>"
            + $"<Contents><Key>a%2Fb</Key><StorageClass>Deep_Archive</StorageClass></Contents>{End}");
        Assert.Equal((more ? "a" : null, "a/b", true), (page.Next, page.Objects[0].Key, page.Objects[0].IsInArchiveClass));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sign in, please")]
    [InlineData("<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Sign in<br></body></html>")]
    [InlineData("<html><body><Contents/></body></html>")]
    [InlineData("<ListBucketResult/>")]
    [InlineData("<ListBucketResult><Name/></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><IsTruncated>true</IsTruncated></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><IsTruncated>1</IsTruncated></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><IsTruncated/></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><Contents><Size>many</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><Contents><LastModified>today?</LastModified></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><Contents><Key>&none;</Key></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><Contents><Key>&#xD800;</Key></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Name>acme</Name><Contents><Key>a<b>c</b></Key></Contents></ListBucketResult>")]
    public void What_is_no_listing_is_not_taken_for_one(string document) => Assert.Throws<UnexpectedResponseException>(() => Read(document));

    [Fact]
    public void A_page_that_breaks_off_anywhere_is_no_page()
    {
        var whole = Encoding.UTF8.GetBytes(Start + "<Contents><Key>a&amp;ü</Key><!-- x --><Owner a='>'/></Contents><IsTruncated>false</IsTruncated>" + End);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<UnexpectedResponseException>(() => ListingReader.Read(whole.AsSpan(0, length), new PageBuffers()));
        Assert.Single(ListingReader.Read(whole, new PageBuffers()).Objects);
    }

    [Fact]
    public void Depth_costs_no_stack()
    {
        const int Depth = 1_000_000;
        Assert.Empty(Read(Start + string.Concat(Enumerable.Repeat("<a>", Depth)) + string.Concat(Enumerable.Repeat("</a>", Depth)) + End).Objects);
    }

    [Fact]
    public void It_reads_what_an_xml_library_writes()
    {
        var random = new Random(20260501);
        for (var round = 0; round < 200; round++)
        {
            var keys = Enumerable.Range(0, random.Next(6)).Select(_ => Key(random)).ToList();
            var document = new XElement(
                "ListBucketResult", new XElement("Name", "acme"), keys.Select(k => new XElement("Contents", new XElement("Key", k), new XElement("ETag", $"\"{k.Length}\""))));
            var page = Read(document.ToString(round % 2 == 0 ? SaveOptions.None : SaveOptions.DisableFormatting));
            Assert.Equal(keys.Select(k => (k, $"{k.Length}")), page.Objects.Select(o => (o.Key, o.ETag)));
        }
    }

    [Fact]
    public void Folders_are_read_and_decoded_as_keys_are()
    {
        var page = Read("""
            <ListBucketResult><Name>acme</Name><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>
            <CommonPrefixes><Prefix>a+b%2F</Prefix></CommonPrefixes><CommonPrefixes><Prefix>%C3%BCber/</Prefix></CommonPrefixes></ListBucketResult>
            """);
        Assert.Equal(["a b/", "über/"], page.Folders);
        Assert.Empty(page.Objects);
    }

    private static ListingPage Read(string document) => ListingReader.Read(Encoding.UTF8.GetBytes(document), new PageBuffers());

    private static string Key(Random random)
    {
        const string Letters = "ab/&<>\"' é\u2028]-%+日";
        return string.Concat(Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)]));
    }
}
