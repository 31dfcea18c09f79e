using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security;
using System.Text;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Writes the body of a page of a listing. Costs little, so that a benchmark measures the client and not this server.</summary>
internal sealed class PageWriter(bool encodes, bool restores) : IDisposable
{
    // What a URL carries as it is, and XML, too.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/");

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(512 << 10);
    private int _length;

    /// <summary>The body. Valid until this is disposed.</summary>
    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(0, _length);

    public PageWriter Write(string bucket, string prefix, int maxKeys, FakePage page)
    {
        Add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>"u8);
        AddText(bucket);
        Add("</Name><Prefix>"u8);
        AddKey(prefix);
        Add("</Prefix><KeyCount>"u8);
        AddNumber(page.Objects.Count + page.Folders.Count);
        Add("</KeyCount><MaxKeys>"u8);
        AddNumber(maxKeys);
        Add(encodes ? "</MaxKeys><EncodingType>url</EncodingType><IsTruncated>"u8 : "</MaxKeys><IsTruncated>"u8);
        Add(page.Next is null ? "false</IsTruncated>"u8 : "true</IsTruncated><NextContinuationToken>"u8);
        if (page.Next is { } next)
        {
            AddText(next);
            Add("</NextContinuationToken>"u8);
        }
        foreach (var o in page.Objects)
            Add(o);
        foreach (var folder in page.Folders)
        {
            Add("<CommonPrefixes><Prefix>"u8);
            AddKey(folder);
            Add("</Prefix></CommonPrefixes>"u8);
        }
        Add("</ListBucketResult>"u8);
        return this;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Add(FakeObject o)
    {
        Add("<Contents><Key>"u8);
        AddKey(o.Key);
        Add("</Key><LastModified>"u8);
        AddTime(o.LastModified);
        Add(".000Z</LastModified><ETag>&quot;"u8);
        AddText(o.ETag);
        Add("&quot;</ETag><Size>"u8);
        AddNumber(o.Size);
        Add("</Size><StorageClass>"u8);
        AddText(o.StorageClass);
        Add("</StorageClass>"u8);
        if (restores && o.RestoredUntil is { } until)
        {
            Add("<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>"u8);
            AddTime(until);
            Add("Z</RestoreExpiryDate></RestoreStatus>"u8);
        }
        Add("</Contents>"u8);
    }

    /// <summary>As S3 does it: a space becomes a plus, a slash stays.</summary>
    public static string UrlEncode(string key) => key.AsSpan().ContainsAnyExcept(Plain)
        ? Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal)
        : key;

    private void AddKey(string key) => AddText(encodes ? UrlEncode(key) : SecurityElement.Escape(key));

    private void AddTime(DateTimeOffset time)
    {
        Room(32);
        time.UtcDateTime.TryFormat(_bytes.AsSpan(_length), out var written, "s", CultureInfo.InvariantCulture);
        _length += written;
    }

    private void AddNumber(long number)
    {
        Room(32);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    private void AddText(string text)
    {
        Room(3 * text.Length);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Room(int more)
    {
        if (_length + more <= _bytes.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(2 * (_length + more));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
