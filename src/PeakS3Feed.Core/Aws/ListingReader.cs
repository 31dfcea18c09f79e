using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Amazon.S3.Model.Internal.MarshallTransformations;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>
/// Parses a page of a listing in a quarter of the SDK's time, without a string for each object.
/// </summary>
internal sealed class ListingReader : ListObjectsV2ResponseUnmarshaller
{
    private const int UsualBytes = 512 * 1024;
    private const int MaxBytes = 64 * 1024 * 1024; // a thousand keys of 1,024 bytes, each escaped, need less than 4 MiB

    private readonly PageBuffers _buffers = new();

    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
        try
        {
            var length = 0;
            for (int read; (read = context.Stream.Read(buffer, length, buffer.Length - length)) > 0;)
            {
                length += read;
                if (length < buffer.Length)
                    continue;
                if (length >= MaxBytes)
                    throw new UnexpectedResponseException();
                var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
            return Read(buffer.AsSpan(0, length), _buffers);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Parses a ListBucketResult. Refuses a document that names no bucket, because any XML without objects, such as a sign-in page, would look like
    /// an empty folder. Also refuses a document that has a next page and no token for it.
    /// </summary>
    /// <exception cref="UnexpectedResponseException">The document is not a listing.</exception>
    public static ListingPage Read(ReadOnlySpan<byte> document, PageBuffers buffers)
        // The servers that encode keys say so before the first key, or behind the last one.
        => TryRead(document, encoded: false, buffers, out var encoded) ?? TryRead(document, encoded, buffers, out _) ?? throw new UnexpectedResponseException();

    // Returns null if keys were read before the element that says how they are encoded.
    private static ListingPage? TryRead(ReadOnlySpan<byte> document, bool encoded, PageBuffers buffers, out bool isEncoded)
    {
        using var objects = new ObjectPacker(buffers);
        var folders = new List<string>();
        isEncoded = encoded;
        var (named, truncated, next, isLate) = (false, false, "", false);
        var xml = new XmlScanner(document);
        if (!xml.Child(out _))
            throw new UnexpectedResponseException();
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("Contents"u8))
            {
                ReadObject(ref xml, objects, isEncoded);
            }
            else if (name.SequenceEqual("CommonPrefixes"u8))
            {
                folders.Add(Key(xml.GrandchildText("Prefix"u8), isEncoded));
            }
            else if (name.SequenceEqual("Name"u8))
            {
                named = !xml.Text().IsEmpty;
            }
            else if (name.SequenceEqual("EncodingType"u8))
            {
                var was = isEncoded;
                isEncoded = Is(xml.Text(), "url"u8);
                isLate |= was != isEncoded && objects.Count + folders.Count > 0;
            }
            else if (name.SequenceEqual("IsTruncated"u8))
            {
                truncated = Boolean(xml.Text());
            }
            else if (name.SequenceEqual("NextContinuationToken"u8))
            {
                next = Encoding.UTF8.GetString(xml.Text());
            }
            else
            {
                xml.Skip();
            }
        }
        if (!named || (truncated && next.Length == 0))
            throw new UnexpectedResponseException();
        return isLate ? null : new ListingPage { Packed = objects.Pack(), Folders = folders, Next = truncated ? next : null };
    }

    private static void ReadObject(ref XmlScanner xml, ObjectPacker objects, bool isEncoded)
    {
        var (size, modified, away) = (0L, DateTimeOffset.UnixEpoch, false);
        DateTimeOffset? restored = null;
        objects.Begin();
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("Key"u8))
                objects.SetKey(xml.Text(), isEncoded);
            else if (name.SequenceEqual("ETag"u8))
                objects.SetETag(xml.Text().Trim((byte)'"'));
            else if (name.SequenceEqual("Size"u8))
                size = Number(xml.Text());
            else if (name.SequenceEqual("LastModified"u8))
                modified = Time(xml.Text());
            else if (name.SequenceEqual("StorageClass"u8))
                away = xml.Text() is var storage && (Is(storage, "GLACIER"u8) || Is(storage, "DEEP_ARCHIVE"u8));
            else if (name.SequenceEqual("RestoreStatus"u8))
                restored = xml.GrandchildText("RestoreExpiryDate"u8) is { IsEmpty: false } expiry ? Time(expiry) : null;
            else
                xml.Skip();
        }
        objects.End(size, modified, away, restored);
    }

    private static string Key(ReadOnlySpan<byte> text, bool isEncoded)
        => isEncoded ? WebUtility.UrlDecode(Encoding.UTF8.GetString(text)) : Encoding.UTF8.GetString(text);

    // Some servers use another case than S3.
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text.Trim(" \t\r\n"u8), word);

    // A malformed IsTruncated fails: read as false, it would drop the rest of the listing.
    private static bool Boolean(ReadOnlySpan<byte> text)
        => Is(text, "true"u8) || (Is(text, "false"u8) ? false : throw new UnexpectedResponseException());

    private static long Number(ReadOnlySpan<byte> text)
        => Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : throw new UnexpectedResponseException();

    // Services send 2026-05-01T02:03:04.000Z. The fast parser needs seven digits after the point.
    private static DateTimeOffset Time(ReadOnlySpan<byte> text)
    {
        const int Usual = 24;
        Span<byte> padded = stackalloc byte[Usual + 4];
        if (text.Length == Usual && text[^1] == 'Z')
        {
            text[..^1].CopyTo(padded);
            "0000Z"u8.CopyTo(padded[(Usual - 1)..]);
            if (Utf8Parser.TryParse(padded, out DateTimeOffset usual, out _, 'O'))
                return usual;
        }
        return DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw new UnexpectedResponseException();
    }
}
