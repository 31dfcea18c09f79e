using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Writes a staged file again without some of its rows.</summary>
internal sealed class CsvPartRewriter(CsvPart output, IReadOnlySet<(long Ordinal, long Row)> gone)
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _length;
    private int _removed;

    /// <summary>
    /// Writes <paramref name="part"/> again without these rows, under another name. Returns null when it has none of them; then nothing is written.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not the one that was written.</exception>
    public static async Task<WrittenPart?> RemoveAsync(
        IStagingArea area, WrittenPart part, string name, IReadOnlySet<(long Ordinal, long Row)> gone, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using var output = new CsvPart(area, name, part.Staged.Schema);
        var rewriter = new CsvPartRewriter(output, gone);
        await using (var file = new CryptoStream(await area.OpenAsync(part.Name, cancellationToken), hash, CryptoStreamMode.Read))
        await using (var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            await rewriter.CopyAsync(content, cancellationToken);
            await file.CopyToAsync(Stream.Null, cancellationToken);
        }
        if (!string.Equals(Convert.ToHexStringLower(hash.Hash!), part.Staged.Checksum, StringComparison.Ordinal))
            throw new InvalidDataException($"{part.Staged.Uri} is not the file that was staged.");
        return rewriter._removed == 0 ? null : await output.CompleteAsync(cancellationToken);
    }

    private async Task CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        while (await content.ReadAsync(_buffer.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            var at = 0;
            while (FindEnd(_buffer.AsSpan(at, _length - at)) is > 0 and var size)
            {
                var record = _buffer.AsMemory(at, size);
                var place = ReadPlace(record.Span);
                if (gone.Contains(place))
                    _removed++;
                else
                    await output.WriteAsync(record, 1, place.Ordinal, cancellationToken);
                at += size;
            }
            _buffer.AsSpan(at, _length - at).CopyTo(_buffer);
            _length -= at;
            if (_length == _buffer.Length)
                Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }
        if (_length > 0)
            throw new InvalidDataException("A staged file ends within a row.");
    }

    // The size of the first record with its line feed; 0 when it is not complete. A quote within quotes is doubled, so parity decides.
    private static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var quoted = false;
        for (var at = 0; ;)
        {
            var next = quoted ? bytes[at..].IndexOf((byte)'"') : bytes[at..].IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0)
                return 0;
            at += next + 1;
            if (bytes[at - 1] == (byte)'\n' && !quoted)
                return at;
            quoted = !quoted;
        }
    }

    private static (long Ordinal, long Row) ReadPlace(ReadOnlySpan<byte> record)
    {
        if (Utf8Parser.TryParse(record, out long ordinal, out var used) && record[used] == (byte)','
            && Utf8Parser.TryParse(record[(used + 1)..], out long row, out _))
            return (ordinal, row);
        throw new InvalidDataException("A row of a staged file does not begin with its place.");
    }
}
