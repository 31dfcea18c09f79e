using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>A file that can be read at any offset.</summary>
/// <param name="Name">The file, for messages.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ReadAtAsync">Reads bytes from an offset. Returns how many; fewer than asked for only if the file ends.</param>
internal sealed record ParquetSource(string Name, long Bytes, Func<long, Memory<byte>, CancellationToken, Task<int>> ReadAtAsync)
{
    /// <summary>Makes the error of a damaged file from its name, the reason and the cause: by default <c>ParquetFileDamaged</c>.</summary>
    public Func<string, string, Exception?, FeedException> DamagedError { get; init; } = ParquetErrors.FileDamaged;

    /// <summary>The error of the file, if it is damaged.</summary>
    public FeedException Damaged(string reason, Exception? inner = null) => DamagedError(Name, reason, inner);
}
