namespace PeakS3Feed.TestServers.S3;

/// <summary>The bytes of an object that is too large for memory.</summary>
public interface IFakeContent
{
    /// <summary>The number of bytes.</summary>
    long Length { get; }

    /// <summary>Reads bytes from a position on. Returns how many, at least one before the end.</summary>
    ValueTask<int> ReadAsync(long from, Memory<byte> into, CancellationToken cancellationToken);
}

/// <summary>A header and a block of rows that is repeated up to a length, for large files at the cost of copying.</summary>
/// <param name="header">The header's bytes.</param>
/// <param name="block">Whole rows. The last repetition ends where <paramref name="length"/> says, so choose it by <see cref="LengthOf"/>.</param>
/// <param name="length">The number of bytes.</param>
public sealed class RepeatedContent(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> block, long length) : IFakeContent
{
    public long Length => length;

    /// <summary>The length of a header and so many whole blocks.</summary>
    public static long LengthOf(int header, int block, long blocks) => header + (block * blocks);

    public ValueTask<int> ReadAsync(long from, Memory<byte> into, CancellationToken cancellationToken)
    {
        var part = from < header.Length ? header[(int)from..] : block[(int)((from - header.Length) % block.Length)..];
        var count = (int)Math.Min(Math.Min(part.Length, into.Length), length - from);
        part[..count].CopyTo(into);
        return new(count);
    }
}

/// <summary>The bytes of a file.</summary>
public sealed class FileContent(string path) : IFakeContent
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, options: FileOptions.Asynchronous);

    public long Length { get; } = new FileInfo(path).Length;

    public ValueTask<int> ReadAsync(long from, Memory<byte> into, CancellationToken cancellationToken)
        => RandomAccess.ReadAsync(_file, into, from, cancellationToken);
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryContent(ReadOnlyMemory<byte> content) : IFakeContent
{
    public long Length => content.Length;

    public ValueTask<int> ReadAsync(long from, Memory<byte> into, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(into.Length, content.Length - from);
        content.Slice((int)from, count).CopyTo(into);
        return new(count);
    }
}
