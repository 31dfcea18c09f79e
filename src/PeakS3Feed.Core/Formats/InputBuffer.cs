using System.Buffers;

namespace PeakS3Feed.Formats;

/// <summary>
/// The stretch of a file that is in memory. What a reader has not consumed stays; it grows to the longest row and no further.
/// Owns the stream.
/// </summary>
internal sealed class InputBuffer : IAsyncDisposable
{
    /// <summary>What it begins with.</summary>
    public const int DefaultBytes = 256 * 1024;

    // The longest row, its line end, and room to see that there is more.
    private const int MaxBytes = RecordReader.MaxRowBytes + DefaultBytes;

    private readonly Stream _content;
    private byte[]? _rented;
    private byte[] _bytes;
    private long _offset;

    /// <summary>Begins at the stream's first byte.</summary>
    public InputBuffer(Stream content, int initialBytes = DefaultBytes)
    {
        _content = content;
        _bytes = _rented = ArrayPool<byte>.Shared.Rent(initialBytes);
    }

    /// <summary>The array; another one after <see cref="FillAsync"/>.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>The first byte not consumed.</summary>
    public int Start { get; private set; }

    /// <summary>Behind the last byte read.</summary>
    public int End { get; private set; }

    /// <summary>Bytes read and not consumed.</summary>
    public int Length => End - Start;

    /// <summary>Whether the stream has no more.</summary>
    public bool Ended { get; private set; }

    /// <summary>The file offset of the first byte not consumed.</summary>
    public long Offset => _offset + Start;

    /// <summary>The bytes read and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(Start, End - Start);

    /// <summary>Consumes bytes.</summary>
    public void Advance(int count) => Start += count;

    /// <summary>
    /// Reads at least as many bytes as are unread already, so that a reader which begins its row anew after each fill
    /// looks at every byte twice at most.
    /// </summary>
    public ValueTask FillAsync(CancellationToken cancellationToken) => FillToAsync(Length * 2L, cancellationToken);

    /// <summary>Reads until so many bytes are unread or the stream has ended; at least one more.</summary>
    public async ValueTask FillToAsync(long wanted, CancellationToken cancellationToken)
    {
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
        // Long rows are rare: what they need is not pooled, for the pool would round it up to twice as much and keep it.
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
