using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Formats.Gzip;

/// <summary>
/// A small gzip member of our own that is put behind the stored data: if its text comes out at the end, all before it was whole.
/// </summary>
internal sealed class GzipToken
{
    public GzipToken()
    {
        // Hexadecimal digits always come out shorter as Huffman codes than stored, so the text never stands literally in the
        // member: data cut inside a stored block, which copies bytes as they are, cannot bring it out by accident.
        Text = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true));
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(Text);
        Member = member.ToArray();
    }

    /// <summary>What comes out last when all is well.</summary>
    public byte[] Text { get; }

    /// <summary>The text as a gzip member.</summary>
    public byte[] Member { get; }
}
