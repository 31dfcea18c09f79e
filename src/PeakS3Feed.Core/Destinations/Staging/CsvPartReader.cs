using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Reads a staged file row by row.</summary>
internal sealed class CsvPartReader(Func<CsvPartRow, ValueTask> take)
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _length;

    /// <summary>Passes each row of a file on, in order.</summary>
    /// <param name="area">Where the file is.</param>
    /// <param name="part">The file.</param>
    /// <param name="take">Takes a row, which is valid until the call returns. What it does counts only once this method has returned.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <exception cref="InvalidDataException">The file is not the one that was written.</exception>
    public static async Task ReadAsync(
        IStagingArea area, WrittenPart part, Func<CsvPartRow, ValueTask> take, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using (var file = new CryptoStream(await area.OpenAsync(part.Name, cancellationToken), hash, CryptoStreamMode.Read))
        await using (var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            await new CsvPartReader(take).ReadAsync(content, cancellationToken);
            await file.CopyToAsync(Stream.Null, cancellationToken);
        }
        if (!string.Equals(Convert.ToHexStringLower(hash.Hash!), part.Staged.Checksum, StringComparison.Ordinal))
            throw new InvalidDataException($"{part.Staged.Uri} is not the file that was staged.");
    }

    private async Task ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        while (await content.ReadAsync(_buffer.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            var at = 0;
            while (FindEnd(_buffer.AsSpan(at, _length - at)) is > 0 and var size)
            {
                await take(CsvPartRow.From(_buffer.AsMemory(at, size)));
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

    // The size of the first row with its line feed; 0 when it is not complete. A quote within quotes is doubled, so parity decides.
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
}

/// <summary>A row of a staged file.</summary>
/// <param name="Ordinal">The number of its object in the load.</param>
/// <param name="Row">Its number in the object.</param>
/// <param name="Bytes">The row as it stands in the file, with its line feed.</param>
internal readonly record struct CsvPartRow(long Ordinal, long Row, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads the place that a row begins with.</summary>
    public static CsvPartRow From(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (Utf8Parser.TryParse(span, out long ordinal, out var used) && span[used] == (byte)','
            && Utf8Parser.TryParse(span[(used + 1)..], out long row, out _))
            return new(ordinal, row, bytes);
        throw new InvalidDataException("A row of a staged file does not begin with its place.");
    }
}
