using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>Reads a ListBucketResult. Makes no strings but keys and entity tags.</summary>
internal static class ListingXml
{
    private const int UsualPage = 1000;

    /// <summary>
    /// Reads it. Any well-formed XML could be taken for a listing, a sign-in page of the network among them: one without objects,
    /// after which a feed would think that its folder is empty. So one that names no bucket is none, nor one that says that there
    /// is more and not where.
    /// </summary>
    public static ListingPage Read(ReadOnlySpan<byte> document)
    {
        var objects = new List<ListedObject>(UsualPage);
        var folders = new List<string>();
        var (named, encoded, truncated, next) = (false, false, false, "");
        var xml = new XmlScanner(document);
        if (!xml.Child(out _))
            throw new StrangeAnswerException();
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("Contents"u8))
                objects.Add(ReadObject(ref xml));
            else if (name.SequenceEqual("CommonPrefixes"u8))
                ReadFolder(ref xml, folders);
            else if (name.SequenceEqual("Name"u8))
                named = !xml.Text().IsEmpty;
            else if (name.SequenceEqual("EncodingType"u8))
                encoded = Is(xml.Text(), "url"u8);
            else if (name.SequenceEqual("IsTruncated"u8))
                truncated = Truth(xml.Text());
            else if (name.SequenceEqual("NextContinuationToken"u8))
                next = Encoding.UTF8.GetString(xml.Text());
            else
                xml.Skip();
        }
        if (!named || (truncated && next.Length == 0))
            throw new StrangeAnswerException();
        if (encoded)
            Decode(objects);
        return new ListingPage { Objects = objects, Folders = encoded ? [.. folders.Select(f => WebUtility.UrlDecode(f))] : folders, Next = truncated ? next : null };
    }

    private static void ReadFolder(ref XmlScanner xml, List<string> folders)
    {
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("Prefix"u8))
                folders.Add(Encoding.UTF8.GetString(xml.Text()));
            else
                xml.Skip();
        }
    }

    private static ListedObject ReadObject(ref XmlScanner xml)
    {
        var (key, etag, size, modified, away) = ("", "", 0L, DateTimeOffset.UnixEpoch, false);
        DateTimeOffset? restored = null;
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("Key"u8))
                key = Encoding.UTF8.GetString(xml.Text());
            else if (name.SequenceEqual("ETag"u8))
                etag = Encoding.UTF8.GetString(xml.Text().Trim((byte)'"'));
            else if (name.SequenceEqual("Size"u8))
                size = Number(xml.Text());
            else if (name.SequenceEqual("LastModified"u8))
                modified = Time(xml.Text());
            else if (name.SequenceEqual("StorageClass"u8))
                away = IsArchive(xml.Text());
            else if (name.SequenceEqual("RestoreStatus"u8))
                restored = ReadRestored(ref xml);
            else
                xml.Skip();
        }
        return new ListedObject(key, etag, size, modified, away, restored);
    }

    private static DateTimeOffset? ReadRestored(ref XmlScanner xml)
    {
        DateTimeOffset? until = null;
        while (xml.Child(out var name))
        {
            if (name.SequenceEqual("RestoreExpiryDate"u8))
                until = Time(xml.Text());
            else
                xml.Skip();
        }
        return until;
    }

    private static bool IsArchive(ReadOnlySpan<byte> storageClass) => Is(storageClass, "GLACIER"u8) || Is(storageClass, "DEEP_ARCHIVE"u8);

    // Not all servers like S3 write words as S3 does.
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text.Trim(" \t\r\n"u8), word);

    // Whether there is more is nothing to guess: a feed takes what it is told for everything.
    private static bool Truth(ReadOnlySpan<byte> text) => Is(text, "true"u8) || (Is(text, "false"u8) ? false : throw new StrangeAnswerException());

    // The page may say how its keys are written after them.
    private static void Decode(List<ListedObject> objects)
    {
        for (var i = 0; i < objects.Count; i++)
        {
            if (objects[i].Key.AsSpan().ContainsAny('%', '+'))
                objects[i] = objects[i] with { Key = WebUtility.UrlDecode(objects[i].Key) };
        }
    }

    private static long Number(ReadOnlySpan<byte> text)
        => Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length ? value : throw new StrangeAnswerException();

    // 2026-05-01T02:03:04.000Z is what services send, and quick to read with more zeros; anything else takes the long way.
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
        return DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time
                : throw new StrangeAnswerException();
    }
}
