using System.Buffers;
using System.Globalization;

namespace PeakS3Feed.Formats;

/// <summary>
/// A buffer over a part of a file. It keeps the bytes that the reader has not consumed, and grows up to the longest allowed row. It owns the stream.
/// </summary>
internal sealed class InputBuffer : IAsyncDisposable
{
    /// <summary>The initial size: 256 KiB.</summary>
    public const int DefaultBytes = 256 * 1024;

    // The longest row, its line end, and one more block, so that the reader sees that the row is too long.
    private const int MaxBytes = RecordReader.MaxRowBytes + DefaultBytes;

    private readonly Stream _content;
    private readonly SourceOffsets? _sourceOffsets;
    private byte[]? _rented;
    private byte[] _bytes;
    private long _offset;

    /// <summary>
    /// Is awaited before the buffer grows beyond <see cref="MaxFreeBytes"/> for a long row; null when it may grow at once. Set it before reading.
    /// </summary>
    public Func<CancellationToken, ValueTask>? BeforeGrowth { get; init; }

    /// <summary>How many bytes the buffer may have without <see cref="BeforeGrowth"/>.</summary>
    public int MaxFreeBytes { get; init; } = MaxBytes;

    /// <summary>Creates a buffer that starts at the stream's current position.</summary>
    /// <param name="content">The decompressed content, decoded to UTF-8.</param>
    /// <param name="initialBytes">The initial size in bytes.</param>
    /// <param name="encoding">The encoding of the content before decoding.</param>
    public InputBuffer(Stream content, int initialBytes = DefaultBytes, FileEncoding encoding = FileEncoding.Utf8)
    {
        _content = content;
        _sourceOffsets = encoding == FileEncoding.Utf8 ? null : new SourceOffsets(encoding);
        Encoding = encoding;
        _bytes = _rented = ArrayPool<byte>.Shared.Rent(initialBytes);
    }

    /// <summary>The underlying array. <see cref="FillAsync"/> may replace it.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>The index of the first byte that is not consumed.</summary>
    public int Start { get; private set; }

    /// <summary>The index after the last byte read.</summary>
    public int End { get; private set; }

    /// <summary>The number of bytes that are read and not consumed.</summary>
    public int Length => End - Start;

    /// <summary>Whether the stream has ended.</summary>
    public bool Ended { get; private set; }

    /// <summary>The encoding of the file.</summary>
    public FileEncoding Encoding { get; }

    /// <summary>The offset in the decoded content of the first byte that is not consumed.</summary>
    public long Offset => _offset + Start;

    /// <summary>
    /// The offset in the decompressed file of the first byte that is not consumed. It differs from <see cref="Offset"/> if the file is not UTF-8.
    /// </summary>
    public long SourceOffset => SourceOffsetOf(Start);

    /// <summary>The offset in the decompressed file of the character at an index of <see cref="Bytes"/>.</summary>
    public long SourceOffsetOf(int index) => _sourceOffsets is null ? _offset + index : _sourceOffsets.At(_bytes, index);

    /// <summary>The bytes that are read and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(Start, End - Start);

    /// <summary>
    /// Returns the reason why a row that is not valid text is a reject. If the file is not UTF-8, it has the offset of the first byte at fault,
    /// because the decoded text does not show it.
    /// </summary>
    /// <param name="index">The index of the row's first byte.</param>
    /// <param name="row">The row.</param>
    public string DescribeInvalid(int index, ReadOnlySpan<byte> row)
    {
        var reason = $"the row is not valid {EncodingNames.Of(Encoding)}";
        return _sourceOffsets is null
            ? reason
            : string.Create(CultureInfo.InvariantCulture, $"{reason} at byte {SourceOffsetOf(index + TextEncoding.ValidLength(row))}");
    }

    /// <summary>Consumes bytes.</summary>
    public void Advance(int count) => Start += count;

    /// <summary>
    /// Reads at least as many bytes as are already unread. So a reader that restarts its row after each fill examines every byte at most twice.
    /// </summary>
    public ValueTask FillAsync(CancellationToken cancellationToken) => FillToAsync(Length * 2L, cancellationToken);

    /// <summary>Reads until <paramref name="wanted"/> bytes are unread or the stream has ended, and at least one byte more than before.</summary>
    public async ValueTask FillToAsync(long wanted, CancellationToken cancellationToken)
    {
        if (BeforeGrowth is { } wait && Math.Max(wanted, Length + 1L) > MaxFreeBytes)
            await wait(cancellationToken);
        MakeRoom(wanted);
        var enough = (int)Math.Clamp(wanted, Length + 1L, _bytes.Length);
        while (Length < enough && !Ended)
        {
            var read = await _content.ReadAsync(_bytes.AsMemory(End), cancellationToken);
            End += read;
            Ended = read == 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _bytes = [];
        Start = End = 0;
        ReturnRented();
        await _content.DisposeAsync();
    }

    private void MakeRoom(long wanted)
    {
        var length = Length;
        var old = _bytes;
        _sourceOffsets?.Remove(old, Start);
        // Long rows are rare. Their buffers are not pooled, because the pool would round them up to twice the size and keep them.
        if (Math.Max(wanted, length + 1L) > old.Length && old.Length < MaxBytes)
            _bytes = new byte[Math.Min(MaxBytes, Math.Max(wanted, old.Length * 2L))];
        old.AsSpan(Start, length).CopyTo(_bytes);
        if (!ReferenceEquals(old, _bytes))
            ReturnRented();
        _offset += Start;
        Start = 0;
        End = length;
    }

    private void ReturnRented()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
