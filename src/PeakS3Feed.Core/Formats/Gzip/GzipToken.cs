using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// A small gzip member with random text that is appended to the stored data. If its text comes out last, all data before it was complete.
/// </summary>
internal sealed class GzipToken
{
    public GzipToken()
    {
        // Hexadecimal digits are always shorter as Huffman codes than stored, so the text is never literal in the member. Data that is truncated
        // inside a stored block, which copies bytes unchanged, therefore cannot produce it.
        Text = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(Text);
        Member = member.ToArray();
    }

    /// <summary>The bytes that come out last when the data is complete.</summary>
    public byte[] Text { get; }

    /// <summary>The text as a gzip member.</summary>
    public byte[] Member { get; }
}
